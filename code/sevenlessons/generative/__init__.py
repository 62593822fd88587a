"""Networks that make pictures, and how to judge what they made."""
