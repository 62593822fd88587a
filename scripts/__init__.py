"""Tools that build and judge the book; nothing here is installed."""
