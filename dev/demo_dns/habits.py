"""What DNS panels in the world do with what is typed, each a switch of a zone: so every beginner's mistake can be tried."""

from __future__ import annotations

PROXY = "192.0.2.80"  # a documentation address, for a proxy's own

# Stored as a comment of the zone's master file, each by its name.
HABITS = {
    "appends": "Adds the zone to every host, also to one that ends with it already",
    "literal": "Publishes a text exactly as typed, with quotation marks and spaces around it",
    "undotted": "Adds the zone to a target without a dot at its end",
    "unsplit": "Takes a text of more than 255 characters only in quoted parts",
    "proxied": f"Answers for a CNAME with the address of a proxy ({PROXY})",
    "moved": "Is not used any more: the domain's name servers are elsewhere, and answer as they do now",
}
_MARK = "; habits:"


def read(text: str) -> frozenset[str]:
    """The habits that a zone's master file states."""
    stated = [line[len(_MARK):].split() for line in text.splitlines() if line.startswith(_MARK)]
    return frozenset(word for words in stated for word in words if word in HABITS)


def stated(text: str, habits: frozenset[str]) -> str:
    """The master file with these habits in place of those that it states."""
    lines = [line for line in text.splitlines() if not line.startswith(_MARK)]
    return "\n".join([*([f"{_MARK} {' '.join(sorted(habits))}"] if habits else []), *lines]) + "\n"
