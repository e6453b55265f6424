"""Bookings: open ones are holds of the engine, confirmed and cancelled ones are rows of Postgres."""
