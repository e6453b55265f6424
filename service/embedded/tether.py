"""Become a server that ends with its parent: `tether.py PARENT SIGNAL UID PROGRAM ARGUMENT…`.

A program of its own, run by path: beside threads, no Python code is safe between fork and exec.
`UID` is empty to stay who we are.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int, death_signal: int) -> None:
    """Get the signal when the process `parent`, which started us, ends; exit if it already has."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def main(parent: str, death_signal: str, uid: str, *command: str) -> None:
    if uid:
        os.setgroups([])
        os.setgid(int(uid))
        os.setuid(int(uid))
    end_with_parent(int(parent), int(death_signal))  # after setuid, which would undo it
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and exec would pass that on
    os.execv(command[0], command)  # noqa: S606  # no shell is wanted


if __name__ == "__main__":
    main(*sys.argv[1:])
