"""The same intake on other dialogue engines, for comparison; each runs in an environment of its own."""
