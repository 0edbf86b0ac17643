"""Pictures as plain data: rows and layout in JSON, with the table and the sentence made from the same rows.

Comes in: a `View`. Goes out: dictionaries that the ES modules draw and that tests compare. Nothing here draws.
"""
