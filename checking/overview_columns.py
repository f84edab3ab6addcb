"""What a list of domains sorts, filters and searches by, of a report that was just stored."""

from .. import mailauth
from .proposals import needed_changes

MAX_RECORDS_TEXT = 10_000  # characters: a search need not read more of a hostile zone
MAX_RECORD = 500  # of one record: of a key, enough to be found by


def get_since(domain, state, now):
    """Return when the state of a new report began: one that comes back after a silence of DNS never ended.

    :param str state: of the report that is about to be stored
    :return: ``{"state_since", "known_since"}``: of that state, and of the last one that was not unknown
    """
    if state == 'unknown':
        lasts = domain.state == 'unknown' and domain.state_since
        return {'state_since': domain.state_since if lasts else now}
    known = (domain.last_known or {}).get('all') or {}
    since = known.get('state') == state and domain.known_since or now
    return {'state_since': since, 'known_since': since}


def get_dmarc_step(domain, report, now):
    """Return which DMARC policy was seen last, and since when: ``dmarc_step``, if it is another one than before.

    A silence of DNS ends no policy. ``since`` is ``None`` for the one that was there at the first look.
    """
    policy = report.policy
    if not policy or policy['status'] != 'found':
        return {}
    step = f"{policy['requested']}{'; t=y' if policy['testing'] else ''}"
    known = domain.dmarc_step
    if known and known['policy'] == step:
        return {}
    return {'dmarc_step': {'policy': step, 'since': now.date().isoformat() if known else None}}


def get_columns(domain, report=None):
    """Return what follows from the report that is stored by now; silence takes neither records nor the DNS host away.

    :param StoredReport report: that one, for whoever has it: reading it once more takes longer than all the rest
    """
    report = report or domain._get_report()
    return {
        'records_text': get_records_text(domain, report),
        'mail_dns_provider_id': _get_provider(domain, report),
        'next_change': get_next_change(domain, report),
    }


def get_records_text(domain, report):
    """Return the records of the last look, one a line; of an area that is silent now, those that it had."""
    records = list(report.records)
    seen = {record['area'] for record in records}
    for area, known in (domain.last_known or {}).items():
        if area not in seen and area in report.areas and report.areas[area].state == 'unknown':
            records += known.get('records') or ()
    lines = (f"{record['name']} {record['type']} {mailauth.in_one_line(record['value'])[:MAX_RECORD]}"
             for record in records)
    return '\n'.join(dict.fromkeys(lines))[:MAX_RECORDS_TEXT] or False


def _get_provider(domain, report):
    nameservers = report.zone.nameservers or (domain.last_known or {}).get('zone', {}).get('nameservers', [])
    return domain.env['mail.dns.provider']._recognize(nameservers).id


def get_next_change(domain, report):
    """Return the first record to change, or what there is to wait for, or ``False``.

    :return: ``{"action", "type", "name"}``, ``{"action"}``, or ``False`` (texts.first_steps)
    """
    if domain.is_foreign:
        return False
    changes = needed_changes(domain, report)
    if changes:
        return {'action': changes[0]['action'], 'type': changes[0]['rdtype'], 'name': changes[0]['name']}
    if domain.state == 'unknown' and report.sender_unknown:
        return {'action': 'sender_unknown'}
    return {'action': 'unanswered'} if domain.state == 'unknown' and report.unanswered else False
