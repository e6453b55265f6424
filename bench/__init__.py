"""Measuring Holdfast: each figure beside its reference in the same run. `scripts/bench` runs it."""
