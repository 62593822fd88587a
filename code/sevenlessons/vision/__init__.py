"""Networks for pictures, and what to do with them."""
