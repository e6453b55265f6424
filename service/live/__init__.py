"""Live availability: server-sent events of what is sold, held and free."""
