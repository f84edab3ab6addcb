"""Mistakes that months of trouble with DNS, and killed processes, have to bring to light: the audits of `dev/test faults`."""

from __future__ import annotations

from _mutation import Mutation

# As many days and domains as it takes; by itself each of these takes some minutes.
_MONTHS, _KILLS = "faults 4 1 100", "faults kills 8 1 80"

ROWS = [
    *(Mutation(file, old, new, _MONTHS) for file, old, new in (
        # confirm at once: no second look
        ("checking/announcement.py", "if now - datetime.fromisoformat(since) < confirm_after:", "if False:"),
        # silence as missing
        ("checking/observation.py", "(area.code, codes) else announcement.UNKNOWN", "(area.code, codes) else 'fail'"),
        # the zone's own servers are not asked
        ("checking/query.py", "confirm=domain._awaits_confirmation(),", "confirm=False,"),
        # a recovery is told to nobody
        ("checking/announcement.py", "_END = Cell('recovered', REMOVE, SETTLED)", "_END = Cell(None, REMOVE, SETTLED)"),
    )),
    # what a killed worker had begun is lost
    Mutation("checking/claiming.py", "CLAIM = timedelta(minutes=15)", "CLAIM = timedelta(days=15)", _KILLS),
]
