"""From a trained network to a folder that answers anywhere."""
