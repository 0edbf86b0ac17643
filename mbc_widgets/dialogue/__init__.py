"""The dialogue of a page with the model: what a reader does comes in as plain messages, what is drawn goes out as plain data.

Standard library alone, so that a notebook, the server of a class and a page without any server hold the same dialogue.
"""
