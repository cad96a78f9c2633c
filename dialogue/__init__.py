"""The conversation as a pure state machine: knows no framework, and does no input or output of its own."""
