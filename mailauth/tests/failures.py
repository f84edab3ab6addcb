"""The ways in which DNS fails to answer, and those that only look like it: the columns of the failure matrices."""

from __future__ import annotations

import itertools

# Behaviours of the scripted server after which nothing is known.
UNKNOWN = (
    "servfail", "refused", "formerr", "notimp", "ede:22", "bogus", "bogus-silent", "referral", "drop",
    "truncate-only", "truncate-always", "garbage", "noise", "wrong_id", "wrong_question", "query",
)
# Behaviours after which the right answer is known all the same.
ANSWERED = ("truncate", "spoofed", "no_edns", "delay:0.01")
# Behaviours that are facts: the record is not there.
ABSENT = ("nxdomain", "nodata", "empty")


def loop(name: str) -> str:
    """A scripted answer: an alias of a name that is an alias of the first."""
    return f"records:{name}. CNAME other.{name}.\nother.{name}. CNAME {name}."


def chain(name: str, links: int, text: str) -> str:
    """A scripted answer: a chain of aliases with a TXT record at its end."""
    names = [name, *(f"link-{n}.{name}" for n in range(1, links + 1))]
    lines = [f"{alias}. CNAME {target}." for alias, target in itertools.pairwise(names)]
    return "records:" + "\n".join([*lines, f"{names[-1]}. TXT {text}"])
