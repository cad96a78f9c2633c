"""Settings, wiring, server, workers and the command line: the one place where the parts meet."""
