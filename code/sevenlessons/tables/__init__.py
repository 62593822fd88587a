"""Tables: columns made ready, embeddings for categories, recommendations."""
