"""Idempotency keys that commit with what was done under them."""
