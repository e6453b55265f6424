"""Jobs as administrators see them."""
