"""The schema of a database in words, to compare."""

import subprocess

from service.embedded import EmbeddedPostgres


def schema(server: EmbeddedPostgres, database_url: str) -> str:
    """What pg_dump says of the schema, but for yoyo's own tables."""
    command = [str(server.programs / "pg_dump"), "--schema-only", "--restrict-key=test"]
    command += ["--exclude-table=*yoyo*", database_url]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout  # noqa: S603
