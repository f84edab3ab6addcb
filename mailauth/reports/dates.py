"""Points in time as reports write them: seconds, with decimals or as milliseconds, and ISO 8601."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_SECONDS = re.compile(r"\d{1,20}(?:\.\d{0,20})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LARGEST_SECONDS = 100_000_000_000  # of the year 5138; as milliseconds in 1973
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,]\d{1,9})?)?\s*(?:Z|UTC|GMT|([+-]\d\d):?(\d\d))?",
    re.ASCII | re.IGNORECASE)


def point_in_time(text: str) -> datetime | None:
    """The point in time, in UTC without fractions of a second; without a zone it is taken for UTC. ``None`` if unreadable."""
    text = text.strip()
    try:
        if _SECONDS.fullmatch(text):
            seconds = int(text.partition(".")[0])
            while seconds >= _LARGEST_SECONDS:
                seconds //= 1000
            return _EPOCH + timedelta(seconds=seconds)
        found = _ISO.fullmatch(text)
        if not found:
            return None
        day, time, seconds_of, hours, minutes = found.groups()
        zone = f"{hours}:{minutes}" if hours else "+00:00"
        return datetime.fromisoformat(f"{day}T{time or '00:00'}{seconds_of or ':00'}{zone}").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
