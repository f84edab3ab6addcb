"""Runs one command and ends it, with all that it started, when the process that asked for it is gone.

The asker holds the writing end of a pipe. Whatever becomes of the asker, SIGKILL included, the operating
system closes that end, and the keeper reads end-of-file. So a killed `dev/run` leaves no server behind,
without any list of process ids.

Called by `children.py`: keeper.py <fd> <stop signal> <grace seconds> <user or -> <command ...>
"""

from __future__ import annotations

import contextlib
import os
import pwd
import select
import signal
import subprocess
import sys
import time


def main(fd: int, stop_signal: int, grace: float, user: str, command: list[str]) -> int:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # the pipe alone decides
    woken_read, woken_write = os.pipe()
    os.set_blocking(woken_write, False)
    signal.set_wakeup_fd(woken_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)

    who = {}
    if user != "-":
        entry = pwd.getpwnam(user)
        who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    try:
        child = subprocess.Popen(
            command, start_new_session=True, restore_signals=True, preexec_fn=_default_signals, **who,
        )
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127

    while child.poll() is None:
        ready, _, _ = select.select([fd, woken_read], [], [], 5.0)
        if fd in ready:
            _end(child, stop_signal, grace)
            break
        if woken_read in ready:
            os.read(woken_read, 512)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)  # what the command itself left behind: a browser, for one
    status = child.wait()
    return status if status >= 0 else 128 - status


def _default_signals():
    for restored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(restored, signal.SIG_DFL)


def _end(child: subprocess.Popen, stop_signal: int, grace: float) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(stop_signal)
    until = time.monotonic() + grace
    while child.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5:]))
