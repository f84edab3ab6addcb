"""What checkdmarc says of records, in the environment where it is installed; nothing of ours is imported.

A JSON list [kind, record] on each line of standard input, an object on each line of standard
output: ``error`` (the class of the syntax error, ``null`` without one), ``text`` (its words)
and ``values`` (what was read, of records without an error). No packet is sent: every question
has an answer that leads no further.
"""

from __future__ import annotations

import json
import sys

import checkdmarc.dmarc
import checkdmarc.spf
import checkdmarc.utils
import dns.rdata

DOMAIN = "example.test"
ANSWERS = {"A": "192.0.2.1", "AAAA": "2001:db8::1", "MX": "10 mx.peer.test.", "PTR": "mx.peer.test."}


def answer(name: str, rdtype: str, **_options: object) -> list:
    """In place of every question that checkdmarc asks."""
    text = ANSWERS.get(rdtype, '"v=DMARC1"' if "_dmarc." in name else '"v=spf1 ?all"')
    return [dns.rdata.from_text("IN", rdtype, text)]


def spf(record: str) -> dict:
    """Validity alone: limits, loops and what hangs on answers are no matter of syntax."""
    try:
        parsed = checkdmarc.spf.parse_spf_record(record, DOMAIN, ignore_too_many_lookups=True)["parsed"]
    except checkdmarc.spf.SPFSyntaxError as error:
        return {"error": type(error).__name__, "text": str(error)}
    except checkdmarc.spf.SPFError as error:
        return {"error": None, "text": str(error)}
    return {"error": None, "text": "", "values": {"mechanisms": [
        [term["action"], term["mechanism"]] for term in parsed["mechanisms"]], "all": parsed["all"]}}


def dmarc(record: str) -> dict:
    """Validity and the values that count."""
    try:
        tags = checkdmarc.dmarc.parse_dmarc_record(record, DOMAIN)["tags"]
    except checkdmarc.dmarc.DMARCError as error:
        return {"error": type(error).__name__, "text": str(error)}
    return {"error": None, "text": "", "values": {
        name: [uri["address"] for uri in tag["value"]] if name in ("rua", "ruf") else tag["value"]
        for name, tag in tags.items()}}


def main() -> None:
    checkdmarc.utils._resolve_with_failover = answer
    read = {"spf": spf, "dmarc": dmarc}
    for line in sys.stdin:
        kind, record = json.loads(line)
        print(json.dumps(read[kind](record)))


if __name__ == "__main__":
    main()
