"""The ways a page leaves the clinic's server. Each is a `dialogue.ports.Sender`; none ever carries patient text."""
