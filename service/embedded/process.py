"""Starting and stopping the programs of embedded servers."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from pathlib import Path

TETHER = Path(__file__).with_name("tether.py")


def environment() -> dict[str, str]:
    """What a server may know of our environment: no secrets, and nothing that would steer Postgres."""
    kept = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
    return {"LC_ALL": "C"} | {name: os.environ[name] for name in kept if name in os.environ}


async def spawn(command: list[str], log: Path, death_signal: signal.Signals, uid: int | None = None) -> Process:
    """Start a program that gets `death_signal` when we end; its output is appended to `log`.

    It has its own process group, so that Ctrl-C in a terminal reaches it only through us, in our order.
    """
    tether = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), str(int(death_signal))]
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *tether,
            "" if uid is None else str(uid),
            *command,
            stdin=DEVNULL,
            stdout=output,
            stderr=STDOUT,
            cwd="/",
            env=environment(),
            start_new_session=True,
        )


def send(process: Process, number: signal.Signals) -> None:
    """Send a signal to a process that has not been waited for.

    Not by `Process.send_signal`: in Python 3.11 that one may reap the process and so lose its exit status.
    """
    if process.returncode is None:
        os.kill(process.pid, number)


async def end(process: Process, *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn, and after each wait so many seconds for the process to end; then kill it."""
    for step, patience in (*steps, (signal.SIGKILL, 10.0)):
        if process.returncode is not None:
            return
        try:
            send(process, step)
            await asyncio.wait_for(process.wait(), patience)
        except ProcessLookupError:  # it has just ended by itself
            await process.wait()
        except TimeoutError:
            continue


def start_log(log: Path) -> None:
    """Begin a new log and keep the previous one beside it, so that logs stay bounded by two runs."""
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))


def last_lines(log: Path, count: int = 5) -> str:
    """The end of a server's log, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) if log.exists() else ""
