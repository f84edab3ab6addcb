"""The keys of the services that sign: CNAMEs whose targets are the same for everyone; other keys are the account's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..change import DEFAULT_TTL, Change
from ..dkim import SelectorStatus
from ..verdict.facts import Facts


def advise(facts: Facts) -> Iterator[Change]:
    """The changes that let receivers find the key of every service that mail leaves through."""
    for path in facts.from_paths:
        service = path.path.service
        if path.signature_aligned is False:
            continue  # its keys are another organization's
        targets = {selector.name: selector.target for selector in service.selectors} if service else {}
        for key in path.keys.keys if path.keys else ():
            target = targets.get(key.selector)
            if not service or not target or key.status in (SelectorStatus.FOUND, SelectorStatus.UNKNOWN):
                continue
            options: dict[str, Any] = {"ttl": DEFAULT_TTL, "params": {"services": [service.name]}}
            if key.aliases:
                yield Change(
                    "replace", "CNAME", key.name, target, old_value=key.aliases[0], reason="dkim.replace", **options)
                continue
            for record in key.records:
                yield Change(
                    "delete", "TXT", key.name, record, old_value=record, reason="dkim.delete_txt", **options)
            yield Change("create", "CNAME", key.name, target, reason="dkim.create", **options)
