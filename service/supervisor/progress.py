"""What `serve` shows while it sets up."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console


class Progress:
    """One line per step, with a spinner on a terminal while it runs."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """A step of the set-up; a failed one leaves no line, since its error says more."""
        started = monotonic()
        with self.console.status(f"{text} …"):
            yield
        self.console.print(f"[green]✓[/] {text} [dim]{monotonic() - started:.1f} s[/]", highlight=False)
