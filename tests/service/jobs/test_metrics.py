"""How many jobs there are, for Prometheus."""

from prometheus_client import REGISTRY

from service.jobs import metrics
from service.jobs.outbox import NewJob, enqueue_all
from service.postgres import Postgres


async def test_jobs_are_counted_by_state_and_the_latest_told(postgres: Postgres) -> None:
    def counted(state: str) -> float | None:
        return REGISTRY.get_sample_value("holdfast_jobs", {"job": "greet", "state": state})

    def late() -> float:
        return REGISTRY.get_sample_value("holdfast_jobs_late_seconds") or 0.0

    async with postgres.acquire() as connection:
        await enqueue_all(connection, [NewJob("greet", {}) for _ in range(3)])
        await connection.execute("UPDATE pgqueuer SET execute_after = now() - interval '1 hour'")
        await metrics.count(postgres, ["greet", "other"])
        assert (counted("waiting"), counted("running"), counted("failed")) == (3, 0, 0)
        assert late() >= 3_600
        await connection.execute("UPDATE pgqueuer SET status = 'failed'")
        await metrics.count(postgres, ["greet", "other"])
        assert (counted("waiting"), counted("failed"), late()) == (0, 3, 0)
        await connection.execute("DELETE FROM pgqueuer")
        await enqueue_all(connection, [NewJob("greet", {})])
        await connection.execute("UPDATE pgqueuer SET execute_after = now() + interval '1 hour'")
        await metrics.count(postgres, ["greet", "other"])
        assert (counted("waiting"), late()) == (1, 0)
