"""Becomes another program that ends when its starter does, however it does. Knows nothing of what it starts.

Run as: python die_with_parent.py STARTER_PID PROGRAM [ARGUMENT ...]

A program of its own rather than a preexec_fn: forking Python code in a process with threads can deadlock.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    starter, *command = sys.argv[1:]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != int(starter):  # it ended before we asked to be told
        raise SystemExit(1)
    os.setsid()  # Ctrl-C is for the starter, which then stops us in order
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


main()
