"""Posters that were uploaded: how they are made, kept and served."""
