"""One module per command: `HELP`, `add_arguments(parser)` and `run(arguments)`, which may return an exit status."""
