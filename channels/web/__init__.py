"""The patient's web door: the API, the chat page, and the widget that a clinic puts on its own site."""
