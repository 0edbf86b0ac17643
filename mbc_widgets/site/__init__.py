"""The page without a server: the same dialogue, run by a Python that the browser carries (Pyodide). Standard library alone."""
