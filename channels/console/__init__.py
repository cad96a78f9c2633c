"""The nurse's door: who waits, one case on one screen, and what a named nurse decides. No page here reaches a patient."""
