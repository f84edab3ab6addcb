"""Sending paths by what they have in common, and what a finding names of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ..situation import SendingPath, Server

MAX_EXAMPLES = 3


def by_server(paths: Iterable[SendingPath]) -> Iterator[tuple[Server, list[SendingPath]]]:
    """Yield each server with the paths through it."""
    groups: dict[int, list[SendingPath]] = {}
    for path in paths:
        groups.setdefault(path.server.id, []).append(path)
    return ((group[0].server, group) for group in groups.values())


def by_from_domain(paths: Iterable[SendingPath], kinds: Collection[str] = ()) -> Iterator[tuple[str, list[SendingPath]]]:
    """Yield each domain that is seen as the sender's with the paths (of ``kinds``) that leave as it."""
    groups: dict[str, list[SendingPath]] = {}
    for path in paths:
        if path.from_domain and (not kinds or path.kind in kinds):
            groups.setdefault(path.from_domain, []).append(path)
    return iter(groups.items())


def examples(paths: list[SendingPath]) -> list[str]:
    """Return a few names of who sends on these paths."""
    names = [example for path in paths for example in path.examples]
    return list(dict.fromkeys(names))[:MAX_EXAMPLES] or [paths[0].from_email]


def ids(paths: Iterable[SendingPath]) -> tuple[int, ...]:
    """Return the ids of paths, as a finding has them."""
    return tuple(path.id for path in paths)
