"""The catalogue's movies, as staff keep them."""
