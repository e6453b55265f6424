"""A day's programme."""
