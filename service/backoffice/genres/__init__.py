"""The kinds of movies, as staff keep them."""
