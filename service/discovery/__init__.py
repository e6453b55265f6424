"""`/discovery/v1`: genres, the movies that can be seen in a country, and what users saved of them."""
