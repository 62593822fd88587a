"""What the book writes out, held against the library: value by value."""
