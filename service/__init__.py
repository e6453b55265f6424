"""Holdfast's HTTP service: a cinema chain's API over the hold engine in `holds`."""
