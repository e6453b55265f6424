"""What was sold and given up, as staff see it, and what they cancel of it."""
