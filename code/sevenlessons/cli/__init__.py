"""The commands behind `python -m sevenlessons`."""
