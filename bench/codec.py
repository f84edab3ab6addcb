"""How long our codec takes to write a question and to read its answer, beside dnspython's, in one run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import dns.flags
import dns.message
import dns.rrset
from _rows import parser, row, show

from mailauth.certain import certain
from mailauth.dns import wire
from mailauth.dns.answer import Answer

NAME = "example.com"
TIMES = 5000
MIN_READING, MIN_WRITING = 10.0, 10.0  # how many times our time dnspython's is; docs/engine.md names rounder figures


def seconds(work: Callable[[], object]) -> float:
    """The shortest of five rounds, in microseconds for each time."""
    def once() -> float:
        start = time.process_time()
        for _time in range(TIMES):
            work()
        return time.process_time() - start

    return 1e6 * min(once() for _round in range(5)) / TIMES


def main() -> int:
    chosen = parser(__doc__).parse_args()
    query = dns.message.make_query(NAME, "TXT", use_edns=True, payload=1232)
    response = dns.message.make_response(query)
    response.answer.append(dns.rrset.from_text(f"{NAME}.", 300, "IN", "TXT", '"v=spf1 include:_spf.example.net ~all"'))
    message = response.to_wire()
    question = wire.encode_question(NAME, wire.TXT)

    def write() -> bytes:
        return wire.encode_query(wire.encode_question(NAME, wire.TXT), wire.RECURSION_DESIRED)

    def read() -> Answer | None:
        return wire.plain_answer(message, question, NAME, "TXT", wire.TXT, "")

    assert certain(read()).records, "ours reads it"
    assert dns.message.from_wire(message).answer, "dnspython reads it"
    return show([
        row("reading a TXT answer, microseconds", seconds(read),
            theirs=seconds(lambda: dns.message.from_wire(message)), ratio_at_least=MIN_READING),
        row("writing a question, microseconds", seconds(write),
            theirs=seconds(lambda: dns.message.make_query(NAME, "TXT", use_edns=True, payload=1232).to_wire()),
            ratio_at_least=MIN_WRITING),
    ], chosen.json)


if __name__ == "__main__":
    sys.exit(main())
