"""What audits found, for Prometheus."""

import time

from service.audit.auditor import Report
from service.audit.comparing import Kind
from service.metrics import Counter, Gauge

DRIFT = Gauge(
    "holdfast_audit_drift", "What disagreed in the last audit, by kind.", ["kind"], multiprocess_mode="mostrecent"
)
DRIFTS = Counter("holdfast_audit_drifts", "What disagreed in any audit, by kind.", ["kind"])
POOLS = Gauge("holdfast_audit_pools", "Pools that the last audit found in Redis.", multiprocess_mode="mostrecent")
UNSUMMED = Gauge(
    "holdfast_audit_unsummed_pools", "Pools with too many holds to be summed.", multiprocess_mode="mostrecent"
)
HELD = Gauge("holdfast_held_seats", "Seats held in all pools at the last audit.", multiprocess_mode="mostrecent")
FINISHED = Gauge(
    "holdfast_audit_finished_timestamp_seconds", "When the last audit ended.", multiprocess_mode="mostrecent"
)
FAILURES = Counter("holdfast_audit_failures", "Audits that could not be finished.")


def record(report: Report) -> None:
    """Note what an audit found."""
    for kind in Kind:
        count = sum(drift.kind is kind for drift in report.drifts)
        DRIFT.labels(kind).set(count)
        DRIFTS.labels(kind).inc(count)
    POOLS.set(report.pools)
    UNSUMMED.set(len(report.unsummed))
    HELD.set(report.held)
    FINISHED.set(time.time())
