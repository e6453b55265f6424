"""The chain's places, as staff keep them."""
