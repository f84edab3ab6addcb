"""Sending paths by what they have in common, and what a finding names of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ..situation import Server, Way

MAX_EXAMPLES = 3


def by_server(ways: Iterable[Way]) -> Iterator[tuple[Server, list[Way]]]:
    """Yield each server with the paths through it."""
    groups: dict[int, list[Way]] = {}
    for way in ways:
        groups.setdefault(way.server.id, []).append(way)
    return ((group[0].server, group) for group in groups.values())


def by_from_domain(ways: Iterable[Way], kinds: Collection[str] = ()) -> Iterator[tuple[str, list[Way]]]:
    """Yield each domain that is seen as the sender's with the paths (of ``kinds``) that leave as it."""
    groups: dict[str, list[Way]] = {}
    for way in ways:
        if way.from_domain and (not kinds or way.kind in kinds):
            groups.setdefault(way.from_domain, []).append(way)
    return iter(groups.items())


def examples(ways: list[Way]) -> list[str]:
    """Return a few names of who sends on these paths."""
    names = [example for way in ways for example in way.examples]
    return list(dict.fromkeys(names))[:MAX_EXAMPLES] or [ways[0].from_email]


def ids(ways: Iterable[Way]) -> tuple[int, ...]:
    """Return the ids of paths, as a finding has them."""
    return tuple(way.id for way in ways)
