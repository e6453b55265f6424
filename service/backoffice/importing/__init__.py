"""Importing a catalogue: movies, places and sessions from a file of any size, all of it or nothing."""
