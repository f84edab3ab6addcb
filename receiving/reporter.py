"""Who sent a report: what its mail proves, never what it says of itself; and whose reports decide something."""

from collections import namedtuple
from datetime import timedelta

from odoo import fields

from ..mailauth.dmarc import registrable_domain
from ..mailauth.dns.names import domain_of, is_subdomain, to_ascii
from ..mailauth.reports import TlsReport, reporters
from ..sending.freemail import FREEMAIL_DOMAINS
from . import storing
from .records import cut, cut_domain

MAX_NAME = 100
KEPT_DAYS = 400  # at least
MAX_NEW = 100  # unknown organizations a day; what more of them send is a flood
UNNAMED = '?'

# ``name`` of the organization, '' where nothing proves it, and then ``reason`` why (texts.reports.REASONS); ``claimed`` is the
# address, or the domain, that the mail or the report says it is from.
Sender = namedtuple('Sender', 'name claimed reason')


def find_sender(mail, report):
    """Return the :class:`Sender` of a report that came with a mail, or that a person uploaded."""
    is_tls = isinstance(report, TlsReport)
    org_name, address = (report.org, report.contact) if is_tls else (report.org_name, report.email)
    org_name, address = cut_domain(org_name), cut(address)
    if mail.is_upload:
        return Sender(_claimed_name(org_name, address), address, '')
    author = mail.author
    claimed = author.from_email[:255]
    if not author.domain:
        return Sender('', claimed, author.reason)
    # The domain signs whatever leaves from it: where others have addresses, or have words of theirs sent, that proves little.
    listed = reporters.reporter_from(author.from_email)
    if listed and is_subdomain(author.from_domain, listed.domain):
        return Sender(listed.domain, claimed, '')
    if author.from_domain in FREEMAIL_DOMAINS:
        return Sender('', claimed, 'shared_domain')
    if reporters.reporter_of(author.domain):
        return Sender('', claimed, 'other_address')
    # Passed on by somebody, or forged: what a known receiver reports comes from itself.
    said = domain_of(address)
    if said and reporters.reporter_of(registrable_domain(said) or said):
        return Sender('', claimed, 'passed_on')
    return Sender(author.domain[:MAX_NAME], claimed, '')


def _claimed_name(org_name, address):
    """Return whose report it is by its own word, which whoever uploaded it vouches for."""
    domain = domain_of(address) or to_ascii(org_name) or ''
    if '.' in domain:
        return (registrable_domain(domain) or domain)[:MAX_NAME]
    return ' '.join(org_name.lower().split())[:MAX_NAME] or UNNAMED


def find_or_make(env, names, own_word):
    """Return ``{name: record}`` of organizations by their domains; new ones are made, at most so many unknown ones a day.

    :param dict names: what each calls itself, by its domain
    :param set own_word: names that a person vouches for: they are made in any case
    """
    Reporter = env['mail.domain.health.reporter']
    known = {record.name: record for record in Reporter.search_fetch([('name', 'in', list(names))], [
        'name', 'org_name', 'is_trusted', 'decision', 'is_listed'])}
    missing = [name for name in names if name not in known]
    if missing:
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        room = MAX_NEW - Reporter.search_count([('is_listed', '=', False), ('create_date', '>=', today)])
        made = []
        for name in missing:
            is_known = reporters.reporter_of(name) is not None
            if is_known or name in own_word or room > 0:
                room -= not is_known
                made.append({'name': name, 'org_name': names[name][:MAX_NAME], 'is_listed': is_known})
        known.update((record.name, record) for record in Reporter.create(made))
    return known


def decide(records, decision, user):
    """Confirm or ignore organizations, or take that back: what they reported before counts, or not, from now on."""
    for record in records:
        was_trusted = record.is_trusted
        record.write({'decision': decision, 'decided_by_id': user.id if decision else False})
        if record.is_trusted != was_trusted:
            storing.move(record.env, record.id, record.is_trusted)


def forget(env):
    """Remove unknown organizations that sent nothing for longer than what they sent is kept."""
    limit = fields.Datetime.now() - timedelta(days=max(KEPT_DAYS, storing.get_days(env)))
    env['mail.domain.health.reporter'].search([
        ('is_listed', '=', False), ('decision', '=', False), ('report_ids', '=', False), ('tls_ids', '=', False),
        ('write_date', '<', limit), '|', ('last_report', '=', False), ('last_report', '<', limit)], limit=1000).unlink()
