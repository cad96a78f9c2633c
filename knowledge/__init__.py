"""Clinic guidelines: load, chunk, embed, index, retrieve with citations. Knows nothing of conversations."""
