"""The nurse console: the queue, one case on one screen, and what a named person decides about it."""
