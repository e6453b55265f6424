"""Whether the ticketing API can serve, as its clients ask."""
