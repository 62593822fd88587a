"""Exercises done in files: stubs to fill in, and their checks by pytest."""
