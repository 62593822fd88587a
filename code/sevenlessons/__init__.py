"""Companion package of the book; import from its modules, by name."""

__version__ = "0.1.0"
