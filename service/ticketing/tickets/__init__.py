"""Tickets: one that is reserved is a hold of one seat in the engine, one that is booked is a row of Postgres."""
