"""The nurse's door: who waits, one case on one screen, and what a named nurse decides about it."""
