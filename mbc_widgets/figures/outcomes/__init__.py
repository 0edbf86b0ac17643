"""Pictures of simulated lives as plain data, one module for each; the table and the sentence come from the same rows.

Comes in: a `View` and its `Simulation`. Goes out: dictionaries for the ES modules. Medians and shares, never means; people are
counted whole, months only as exactly as the Monte-Carlo error allows; no sequence is called the best.
"""
