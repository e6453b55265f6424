"""What customers think of movies."""
