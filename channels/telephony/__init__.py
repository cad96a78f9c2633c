"""Texts and calls through a carrier: the port, Twilio behind it, and a stand-in that misbehaves as carriers do."""
