"""A crowd of customers that grabs seats of a running service, and a verdict on what it sold. `scripts/grab` runs it."""
