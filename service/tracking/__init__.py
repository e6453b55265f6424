"""Page tracking: what clients report of the pages that they enter and leave."""
