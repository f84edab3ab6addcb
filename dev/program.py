"""What every program of `dev/` has around it."""

from __future__ import annotations

import contextlib

from places import scratch
from speech import plainly, signs_of_life


@contextlib.contextmanager
def program():
    """Ends as a program should, leaves nothing in the machine's temporary folder, and says that it is still there."""
    with plainly(), scratch():
        signs_of_life()
        yield
