"""The history of holds that never became bookings: taken from Redis, kept in Postgres."""
