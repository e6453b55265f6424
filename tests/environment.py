"""What the service needs to be told at the least."""

REQUIRED = {"DATABASE_URL": "postgresql://", "REDIS_URL": "redis://", "JWT_SECRETS": "x" * 32}
