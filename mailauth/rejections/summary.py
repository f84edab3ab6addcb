"""What receivers said of one domain or path: rejections gathered by cause, and what they say about a prediction.

Everything is made of JSON types, so that whoever asks may store it and ask again later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from ..finding import Finding
from .causes import Cause
from .classification import AUTHENTICATION, FINDINGS, Rejection

MAX_NAMES = 5  # receivers or blocklists that are named
RECENT = timedelta(days=7)
_CAUSES = {cause.value: cause for cause in Cause}  # what is stored may name one of another version
# From then on it is not a forwarded mail or two, whose signature somebody else broke.
SEVERAL = 3


def gather(rejections: Iterable[tuple[date, str, Rejection]]) -> list[dict]:
    """Return one dict per cause, the most frequent first, from ``(day, the recipient's domain, rejection)``.

    ``{"cause", "count", "days": {day: count}, "receivers": [name], "blocklists": [name], "status", "text"}``;
    ``status`` and ``text`` are those of the newest. What is the recipient's own trouble is one of them.
    """
    by_cause: dict[Cause, list[tuple[date, str, Rejection]]] = {}
    for day, domain, rejection in rejections:
        by_cause.setdefault(rejection.cause, []).append((day, domain, rejection))
    return [
        _gathered(cause, rows)
        for cause, rows in sorted(by_cause.items(), key=lambda item: (-len(item[1]), item[0].value))
    ]


def _gathered(cause: Cause, rows: list[tuple[date, str, Rejection]]) -> dict:
    _day, _domain, newest = max(rows, key=lambda row: row[0])
    return {
        "cause": cause.value,
        "count": len(rows),
        "days": {day.isoformat(): count for day, count in sorted(Counter(day for day, *_rest in rows).items())},
        "receivers": _most_common(rejection.receiver or domain for _day, domain, rejection in rows),
        "blocklists": _most_common(rejection.blocklist for *_rest, rejection in rows),
        "status": newest.status,
        "text": newest.text,
    }


def _most_common(names: Iterable[str | None]) -> list[str]:
    return [name for name, _count in Counter(name for name in names if name).most_common(MAX_NAMES)]


def count_since(gathered: Mapping, since: date | None) -> int:
    """How many rejections of one cause came after ``since`` (``None``: ever)."""
    return sum(count for day, count in gathered["days"].items() if since is None or date.fromisoformat(day) > since)


def weigh(by_cause: Iterable[Mapping], today: date, since: date | None = None) -> tuple[str | None, Mapping | None]:
    """Return ``(state, cause)``: what authentication rejections make of a prediction, and the most frequent of them.

    ``since`` is when the records changed last: what was said before then was said about others. The state is
    ``fail`` when receivers refuse mail now, ``warning`` when they did, ``None`` when they did not.
    """
    weighty = [
        gathered for gathered in by_cause
        if _CAUSES.get(gathered["cause"]) in AUTHENTICATION and count_since(gathered, since)
    ]
    if not weighty:
        return None, None
    recently = max(filter(None, (since, today - RECENT)))
    recent = sum(count_since(gathered, recently) for gathered in weighty)
    worst = max(weighty, key=lambda gathered: count_since(gathered, since))
    return "fail" if recent >= SEVERAL else "warning", worst


def findings(domain: str, by_cause: Iterable[Mapping], services: Iterable[str] = ()) -> Iterator[Finding]:
    """One finding per cause, with the newest text as its record."""
    for gathered in by_cause:
        cause = _CAUSES.get(gathered["cause"])
        code = FINDINGS.get(cause) if cause else None
        if code:
            yield Finding(code, domain, {
                "count": gathered["count"], "since": min(gathered["days"]), "last": max(gathered["days"]),
                "receivers": list(gathered["receivers"]), "blocklists": list(gathered["blocklists"]),
                "services": sorted(services),
            }, gathered["text"])


def merge(several: Iterable[Iterable[Mapping]]) -> list[dict]:
    """Return what was said of several paths as if they were one."""
    merged: dict[str, dict] = {}
    for by_cause in several:
        for gathered in by_cause:
            known = merged.get(gathered["cause"])
            if known is None:
                merged[gathered["cause"]] = dict(gathered)
                continue
            newer = max(gathered["days"]) > max(known["days"])
            days = Counter(known["days"])
            days.update(gathered["days"])
            known.update(
                count=known["count"] + gathered["count"], days=dict(sorted(days.items())),
                receivers=list(dict.fromkeys([*known["receivers"], *gathered["receivers"]]))[:MAX_NAMES],
                blocklists=list(dict.fromkeys([*known["blocklists"], *gathered["blocklists"]]))[:MAX_NAMES],
            )
            if newer:
                known.update(status=gathered["status"], text=gathered["text"])
    return sorted(merged.values(), key=lambda gathered: (-gathered["count"], gathered["cause"]))
