"""The patient's chat on the web: the API, the chat page, and the widget that a clinic puts on its own site."""
