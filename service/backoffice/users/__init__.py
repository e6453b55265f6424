"""Who works for the chain: roles, and the places that managers have."""
