"""Which looks leave a row of history, and what is kept in it: no more than its bounds, whatever a zone says."""

import hashlib
import json

# Fewer than are shown of one domain (mailauth: MAX_RECORDS), so that what was left out there is noticed here.
MAX_RECORDS = 60
MAX_BYTES = 16 * 1024  # of all records of a row, as JSON
MAX_PLACES = 200  # names and types that are remembered of a domain of which DNS never answers all


# Areas of records, and those of findings that DNS has to have answered about (mailauth.DomainReport.answered).
ASKED = {'gate': {'gate', 'mx'}, **{area: {area} for area in ('spf', 'dkim', 'dmarc', 'mta_sts', 'tls_rpt')}}


def get_places(domain, before, report, answered):
    """Return what is published by this report, a digest for each name and type, as far as DNS has said.

    A place in an area of which DNS did not say all this time is as it was. What is remembered of it stands in
    ``domain.places_seen``; of a domain that was last looked at by a version without it, in the report ``before``, if that was
    complete.

    :param answered: what :func:`get_answered` returned
    :return: ``{"places": {area, digest of name and type: digest of its values}}``
    """
    seen = _get_digests(report)
    if not report.unanswered:
        return {'places': seen}
    known = (_get_known(domain, before) or {'places': {}})['places']
    merged = {**{place: values for place, values in known.items() if place.partition(' ')[0] not in answered}, **seen}
    return {'places': merged if len(merged) <= MAX_PLACES else seen}


def get_answered(report):
    """Return the areas of records of which DNS said all: what is not there in one of these is not published.

    :param StoredReport report: as DNS answered, with all that it says of what it left open
    """
    if report.deadline_passed:
        return []
    return [area for area, asked in ASKED.items() if asked.issubset(report.answered)]


def is_change(domain, before, places, stated):
    """Whether a look saw other than the looks before it: another verdict, or other records.

    :param StoredReport before: what the look before it found, or ``None``
    :param dict places: what :func:`get_places` returned
    :param dict stated: by the name of their fields: the states that it found
    """
    return not domain.last_check or places != _get_known(domain, before) \
        or any(domain[name] != state for name, state in stated.items())


def get_row(domain, report, now, stated, answered):
    """Return the values of the row of a look, the domain still being as it was before it."""
    kept = get_kept(report.records)
    return {
        'domain_id': domain.id, 'date': now, 'duration': report.duration, 'records': kept,
        'left_out': len(report.records) - len(kept),
        'is_complete': not report.unanswered and len(kept) == len(report.records),
        'answered': answered if report.unanswered and len(kept) == len(report.records) else False,
        'look_number': domain.looks + 1, 'look_before': domain.last_check, **stated}


def get_kept(records):
    """Return the records that a row has room for, in their order: one that is huge takes no other's place."""
    room, kept = MAX_BYTES, set()
    sizes = [(len(json.dumps(record, ensure_ascii=False).encode('utf-8', 'replace')), index)
             for index, record in enumerate(records)]
    for size, index in sorted(sizes)[:MAX_RECORDS]:
        room -= size
        if room < 0:
            break
        kept.add(index)
    return [record for index, record in enumerate(records) if index in kept]


def _get_known(domain, before):
    if domain.places_seen:
        return domain.places_seen
    return {'places': _get_digests(before)} if before and not before.unanswered else None


def _get_digests(report):
    places = {}
    for area, name, rdtype, value in sorted({
            (record['area'], record['name'], record['type'], record['value']) for record in report.records}):
        places.setdefault((area, f'{name} {rdtype}'), []).append(value)
    return {f'{area} {_digest(place)}': _digest(json.dumps(values)) for (area, place), values in places.items()}


def _digest(text):
    return hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]
