"""The same intake on other dialogue engines, to be measured beside ours; each runs in an environment of its own."""
