"""Accounts: signing up and in, passwords, tokens, and a user's own data."""
