"""Starting other programs so that none of them outlives us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from places import DEV


class Child:
    """A program under a keeper (see `keeper.py`): it ends when we end it, and when we die."""

    def __init__(
        self, command, *, log: Path | None = None, env=None, cwd=None, user: str | None = None,
        stop_signal=signal.SIGTERM, grace: float = 10.0,
    ):
        """`log`: file that gets its output (else ours). `user`: whom it runs as. `grace`: seconds to end by itself."""
        read_end, self._write_end = os.pipe()
        output = open(log, "ab") if log else None  # noqa: SIM115 - closed below, when the child has it
        try:
            self.process = subprocess.Popen(
                [sys.executable, str(DEV / "keeper.py"), str(read_end), str(int(stop_signal)), str(grace),
                 user or "-", *map(str, command)],
                pass_fds=(read_end,), stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT if log else None,
                env=env, cwd=cwd, start_new_session=True,
            )
        finally:
            os.close(read_end)
            if log:
                output.close()

    def running(self) -> bool:
        return self.process.poll() is None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status; raises subprocess.TimeoutExpired."""
        return self.process.wait(timeout)

    def stop(self) -> int:
        """Ends it, with everything it started, and gives its exit status."""
        if self._write_end is not None:
            os.close(self._write_end)
            self._write_end = None
        return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def run(command, *, cwd: Path | None = None, env=None) -> tuple[int, str]:
    """Runs a program to its end, under a keeper: its exit status, and what it printed and complained."""
    with tempfile.NamedTemporaryFile(prefix="mdh-") as log:
        with Child(command, log=Path(log.name), cwd=cwd, env=env, grace=2) as child:
            status = child.wait()
        return status, Path(log.name).read_text(encoding="utf-8", errors="replace")


def output_of(command, **keywords) -> str | None:
    """What a program prints, or None when it fails or is not there."""
    try:
        done = subprocess.run(
            [str(part) for part in command], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, **keywords,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
