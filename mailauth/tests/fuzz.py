"""What the fuzzers share: how long they run, and a world of answers without packets."""

from __future__ import annotations

import os
import random

from hypothesis import HealthCheck, settings

from ..dns.answer import Answer, Status
from ..dns.names import to_ascii

# MAILAUTH_FUZZ=100 runs every fuzzer a hundred times as long; dev/fuzz does so until its time is up.
FACTOR = float(os.environ.get("MAILAUTH_FUZZ", "1"))
# An ordinary run is the same each time and tells of changes; a longer one looks for news.
LOOKS_FOR_NEWS = "MAILAUTH_FUZZ" in os.environ


def check_problems(case, codes, parse, texts) -> None:
    """Every problem that a parser tells of such texts has a kind, and a span inside the text."""
    for text in texts:
        for found in parse(text).problems:
            case.assertIn(found.code, codes)
            if found.span:
                case.assertTrue(0 <= found.span[0] <= found.span[1] <= len(text), (text, found))


def examples(count: int) -> settings:
    """The settings for a test of so many examples."""
    return settings(
        max_examples=max(1, int(count * FACTOR)),
        derandomize=not LOOKS_FOR_NEWS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def seed(ordinary: int) -> int:
    """The seed for a test that draws by itself."""
    return random.SystemRandom().getrandbits(32) if LOOKS_FOR_NEWS else ordinary


class World:
    """Answers from a mapping of (name, type) to records; a name exists if it or one below has any.

    Questions in ``failing`` are not answered. For properties over thousands of worlds,
    where packets would show nothing more.
    """

    def __init__(self, records: dict[tuple[str, str], tuple], failing: frozenset[tuple[str, str]] = frozenset()) -> None:
        self.records = records
        self.failing = failing
        self.asked: list[tuple[str, str]] = []
        self.memory: dict = {}
        self._names = {name for name, _rdtype in records}

    async def query(self, name: str, rdtype: str, **_options: object) -> Answer:
        asked = to_ascii(name)
        if asked is None:
            return Answer(name, rdtype, Status.BAD_NAME)
        self.asked.append((asked, rdtype))
        if (asked, rdtype) in self.failing:
            return Answer(asked, rdtype, Status.SERVFAIL)
        aliases: tuple[str, ...] = ()
        at = asked
        while rdtype != "CNAME" and (at, "CNAME") in self.records and len(aliases) < 8:
            at = self.records[at, "CNAME"][0]
            aliases += (at,)
            if (at, rdtype) in self.failing:
                return Answer(asked, rdtype, Status.SERVFAIL)
        if (at, rdtype) in self.records:
            return Answer(asked, rdtype, Status.OK, self.records[at, rdtype], 300, aliases)
        exists = any(other == at or other.endswith("." + at) for other in self._names)
        return Answer(asked, rdtype, Status.NODATA if exists else Status.NXDOMAIN, (), 300, aliases)

    async def query_all(self, *questions: tuple[str, str]) -> list[Answer]:
        return [await self.query(name, rdtype) for name, rdtype in questions]


def text(value: str | bytes) -> tuple[bytes, ...]:
    """A TXT record as answers have it."""
    return ((value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value),)
