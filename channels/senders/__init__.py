"""The ways a page leaves the clinic's server. Each is a `dialogue.paging_ports.Sender`; none carries patient text."""
