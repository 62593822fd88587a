"""The pieces that a lesson builds, proven equal to PyTorch's."""
