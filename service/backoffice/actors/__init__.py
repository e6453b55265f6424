"""The people who act in movies, as staff keep them."""
