"""Every way a person is reached: web chat, console, pager. Knows storage only through ports."""
