"""What every handler shares: endpoints, input, bearer tokens, cursors, idempotency and the error boundary."""
