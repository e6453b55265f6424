"""The load generator: a process of its own, of the standard library alone, much cheaper than what it measures."""
