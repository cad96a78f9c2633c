"""The patient's door by text message: in text with digits, or a link to the chat with nothing of health in it."""
