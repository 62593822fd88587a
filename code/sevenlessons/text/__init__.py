"""From sentences to tokens, from tokens to numbers."""
