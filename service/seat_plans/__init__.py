"""Seat plans: what staff may draw, and what every other feature asks of a plan."""
