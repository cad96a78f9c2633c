"""Turns into another program that the kernel ends together with the process that started it.

Run as: python die_with_parent.py STARTER_PID PROGRAM [ARGUMENT ...]

It is a program of its own instead of a preexec_fn, because Python code after a fork can deadlock if there are threads.
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
