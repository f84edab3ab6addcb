"""How many questions are in flight at once: more while all goes well, few again at the first sign of trouble (RFC 5681)."""

from __future__ import annotations

START = 100  # what every forwarder takes; the small ones of home routers (dnsmasq) take 150 and refuse the rest
EVERY = 8  # questions answered until there may be one more


class Window:
    """``size`` questions may be in flight, ``most`` at the utmost."""

    def __init__(self, most: int) -> None:
        self.size = self._least = min(START, most)
        self.most = most
        self._answered = 0

    def answered(self) -> None:
        """A question was answered at once; tells nothing new where ``size`` is ``most``."""
        self._answered += 1
        if self._answered >= EVERY and self.size < self.most:
            self._answered = 0
            self.size += 1

    def lost(self) -> None:
        """An answer did not come in time. A dead zone looks the same, so this happens often."""
        self._answered = 0
        self.size = self._least

    def refused(self) -> None:
        """A server refused: perhaps because there were too many, so there will never be as many again."""
        self.most = max(self._least, self.size * 3 // 4)
        self.lost()
