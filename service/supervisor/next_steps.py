"""What to try once the service is up."""

import shlex
import shutil
from urllib.parse import unquote, urlsplit

from rich.console import Console

SAMPLE_PASSWORD = "holdfast-demo-2026"  # noqa: S105  # of accounts that only the sample data has


def show(console: Console, address: str, redis_url: str, *, sample_accounts: bool) -> None:
    """Print where the documentation and the console are, who can sign in, and how to watch holds."""
    lines = [("API", address), ("Documentation", f"{address}/docs"), ("Console", f"{address}/console")]
    if sample_accounts:
        lines.append(("Sign in as", f"customer1@holdfast.example or admin@holdfast.example: {SAMPLE_PASSWORD}"))
    lines.append(("Live holds", f"{redis_cli(redis_url)} --scan --pattern 'hold:*'"))
    lines.append(("Stop", "Ctrl-C"))
    console.print("\nHoldfast is ready.", style="bold green")
    for name, value in lines:
        console.print(f"  {name + ':':<15}{value}", markup=False, highlight=False, soft_wrap=True)


def address(host: str, port: int) -> str:
    """The URL for a browser on this machine."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104  # everywhere, so here too
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def redis_cli(url: str) -> str:
    """The shell command that opens this Redis, without the password of a server that is not ours."""
    program = next(filter(shutil.which, ("redis-cli", "valkey-cli")), "scripts/redis-cli")
    place = urlsplit(url)
    if place.scheme == "unix":
        return f"{program} -s {shlex.quote(unquote(place.path))}"
    return f'{program} -u "$REDIS_URL"'
