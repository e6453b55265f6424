"""The schedule, as staff keep it."""
