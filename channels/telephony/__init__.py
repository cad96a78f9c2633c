"""Texts and calls through a carrier: a narrow port, Twilio behind it, and a stand-in that behaves badly on purpose."""
