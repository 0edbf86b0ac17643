"""Checks in a real browser, on the dashboard as a person meets it."""
