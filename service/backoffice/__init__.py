"""What the chain's own people do: the catalogue and the schedule."""
