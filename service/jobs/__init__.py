"""Jobs: work that is written down in the transaction that causes it, and done by worker processes at least once."""
