"""What is stored of a look itself: when it was, and when the next one is due (:mod:`checking.schedule`)."""

from datetime import datetime

from . import announcement, quieting, record_changes, schedule

_QUIET = (announcement.MUTED, announcement.UNTOLD)


def get_columns(domain, now, report, announced):
    """Return the columns that say so.

    :param StoredReport report: what the look found
    :param dict announced: what is announced of the domain after it
    """
    silences = domain.silences + 1 if is_silent(report) else 0
    seen = schedule.Situation(
        domain_id=domain.id, now=now, interval=domain._get_interval(), is_used=_is_used(domain),
        broken_since=_get_broken_since(domain, now, report, announced), pending_since=_get_pending_since(domain, announced),
        is_publishing=any(domain.record_ids.mapped('next_look')), silences=silences, ttl=_get_ttl(report))
    return {
        'last_attempt': now, 'attempts': domain.attempts + 1, 'silences': silences,
        'next_check': min([schedule.next_look(seen).replace(microsecond=0), *quieting.get_ends(domain, now)]),
    }


def is_silent(report):
    """Whether DNS said nothing of what matters, or not in time."""
    return report.is_unseen or report.deadline_passed


def _is_used(domain):
    """Whether mail leaves through a domain, or is to (what an alias domain names), or somebody asked what changes there."""
    return bool(domain.alias_domain_ids) or domain.tells_record_changes or any(
        path.is_used for paths in (domain.path_ids, domain.envelope_path_ids) for path in paths)


def _get_broken_since(domain, now, report, announced):
    """Return since when something of our own is broken that nobody has muted, or ``None``; a first look counts."""
    if domain.is_foreign:
        return None
    broken = [known for known in announced.values() if 'broken_from' in known and known.get('standing') not in _QUIET]
    if not broken and (report.state != 'fail' or announcement.is_broken(announced)):
        return None
    told = [datetime.fromisoformat(known['broken_since']) for known in broken if known.get('broken_since')]
    lasts = domain.state_since if domain.state == 'fail' else now
    return min(told, default=lasts)


def _get_pending_since(domain, announced):
    pending = [] if domain.is_foreign else [known['pending_since'] for known in announced.values() if known.get('pending_since')]
    pending += record_changes.get_pending(domain)
    return datetime.fromisoformat(min(pending)) if pending else None


def _get_ttl(report):
    """Return for how many seconds a resolver keeps what is to change: the records of what fails, or their absence."""
    kept = [0]
    for name, area in report.areas.items():
        if area.state == 'fail':
            records = report.records_of(name)
            kept += [record.get('ttl') or 0 for record in records] if records else [report.zone.negative_ttl or 0]
    return max(kept)
