"""The checks behind the exercises, one module a topic."""
