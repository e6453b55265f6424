"""Uploading posters."""
