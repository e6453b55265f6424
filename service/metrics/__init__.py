"""Metrics in Prometheus' text format.

With `PROMETHEUS_MULTIPROC_DIR` set, the workers of one service keep theirs in files of that folder, and any of them
answers for all. `HOLDFAST_WORKER` then names the files: a worker that is started again goes on counting in those of
the one before it. Metrics are made from what this module exports: it settles where they keep their values.
"""

import os

from prometheus_client import Counter, Gauge, Histogram, values

__all__ = ["FOLDER", "WORKER", "Counter", "Gauge", "Histogram"]

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
WORKER = "HOLDFAST_WORKER"

if FOLDER in os.environ:
    # Before the first metric is made: each keeps the class of value that there is then.
    _name = os.environ.get(WORKER) or str(os.getpid())
    values.ValueClass = values.MultiProcessValue(lambda: _name)  # type: ignore[no-untyped-call]
