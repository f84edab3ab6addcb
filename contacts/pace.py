"""How fast DNS is asked about domains of contacts."""

import time

BURST = 1.0  # seconds: what was not asked in time may be made up for, as much as fits into so long


class Pace:
    """Lets so many questions a second be asked, on average.

    Counted are the messages that really left, repetitions too, or what was expected of what was begun, whichever is more.

    :param resolver: who asks
    :param float rate: questions a second; infinite for no limit
    """

    def __init__(self, resolver, rate):
        self.resolver = resolver
        self.rate = rate
        self._before = resolver.questions
        self._expected = 0
        self._began = time.monotonic()

    def lets(self, questions):
        """Return whether something that takes about so many questions may be begun now; if so it counts as begun."""
        now = time.monotonic()
        spent = max(self._expected, self.resolver.questions - self._before)
        begins = self._began + spent / self.rate  # when the next one has its turn
        if begins > now:
            return False
        self._began += max(0.0, now - BURST - begins)
        self._expected = spent + questions
        return True
