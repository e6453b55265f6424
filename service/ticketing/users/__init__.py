"""The accounts, as the ticketing API signs them up and in, and what its users have booked."""
