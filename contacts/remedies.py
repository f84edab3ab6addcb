"""What helps contacts whose messages cannot be passed on; each is tried first, in a savepoint, and asked of core."""

from contextlib import closing
from typing import NamedTuple

from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..mailauth.dns.names import domain_of, to_unicode
from ..mailauth.verdict import State
from ..sending import fate, trying_out
from ..sending.asking_once import Refused
from ..sending.proof import concerned_companies, read_facts
from ..sending.services import sending_service
from ..sending.situation_reading import read_situations
from ..texts import relaying as texts
from ..texts.filling import say
from .badges import TOLD, domains_with, follows_for, written_names
from .passed_on import PassedOn, first_follower, first_message, read_passed_on
from .relaying import Relaying
from .sources import domain_part, from_outside, sender_domain

MAX_SHOWN = 20  # domains
MAX_DOCUMENTS = 20  # on which core is asked whom it notifies


class Concerned(NamedTuple):
    """Whose messages cannot be passed on in one company: ``domains`` are the rows most is passed on of, ``verdict`` the worst."""

    verdict: str
    rows: SQL
    domains: list  # mail.partner.domain records
    passed_on: PassedOn


class SenderTrial(NamedTuple):
    """What came of trying to have Odoo replace the sender: ``obstacle`` is empty where it is offered."""

    obstacle: str
    author: str = ''  # whose mail would fare worse
    effects: tuple = ()  # (domain row, words before, words after)
    count: int = 0  # contacts whose messages are no longer sent as them


def read_concerned(env, company):
    """Return the :class:`Concerned` of a company, or ``None``."""
    relaying = Relaying(env(su=True))
    for verdict in TOLD:
        rows = domains_with(relaying, company, (verdict,))
        passed_on = read_passed_on(relaying.env, company, rows)
        busiest = [name for name, _count in passed_on.mails.most_common(MAX_SHOWN)]
        found = dict(relaying.env.execute_query(SQL(
            """
            SELECT name, contact_count FROM (%s) concerned WHERE contact_count > 0 OR name = ANY(%s)
          ORDER BY COALESCE(array_position(%s, name::text), %s), contact_count DESC, name LIMIT %s
            """, rows, busiest, busiest, MAX_SHOWN + 1, MAX_SHOWN)))
        if found:
            known = relaying.env['mail.partner.domain'].search([('name', 'in', list(found))])
            by_name = {row.name: row for row in known}
            return Concerned(verdict, rows, [by_name[name] for name in found], passed_on)
    return None


def try_sender(env, company, concerned, changes):
    """Try ``changes`` and return the :class:`SenderTrial`. Nothing stays changed."""
    env = env(su=True)
    if not changes:
        return SenderTrial('useless' if company.alias_domain_id else 'alias_domain')
    outcomes = trying_out.try_out(env, concerned_companies(env, changes), changes)
    if outcomes is None:
        return SenderTrial('untried')
    before = {row: _words(env, Relaying(env), company, row) for row in concerned.domains}
    count = _count(env, concerned.rows)
    try:
        with trying_out.tried(env, changes) as trial_env:
            relaying = Relaying(trial_env)
            after = {row: _words(trial_env, relaying, company, row) for row in concerned.domains}
            left = sum(_count(env, domains_with(relaying, company, (verdict,))) for verdict in TOLD)
            passed_on = [
                fate.Outcome(company.id, 'outsider', row.name, None, _leaving(relaying, company, row))
                for row in concerned.domains]
    except (UserError, ValidationError):
        return SenderTrial('untried')
    facts = read_facts(env, read_situations(env, company), [*outcomes, *passed_on])
    own = [outcome for outcome in outcomes if outcome.company_id == company.id]
    if worse := fate.first_worse(facts, own):
        return SenderTrial('worse', worse.author)
    if fate.first_worse(facts, outcomes):
        return SenderTrial('others')
    # To fail as an address of one's own is no remedy.
    if left >= count or all(fate.fate(facts, outcome.after)[1] <= fate.RANKS[State.FAIL] for outcome in passed_on):
        return SenderTrial('useless')
    return SenderTrial('', effects=tuple(
        (row, before[row], after[row]) for row in concerned.domains if before[row] != after[row]), count=count - left)


def try_inbox(env, users, documents):
    """Return how many emails core would send these users for one message on each document, now and notified in Odoo.

    :param documents: ``{model: ids}``
    :rtype: tuple[int, int]
    """
    env = env(su=True)
    before = _count_emails(env, users, documents)
    with closing(env.cr.savepoint()):
        users.with_env(env).write({'notification_type': 'inbox'})
        env.flush_all()
        after = _count_emails(env, users, documents)
    env.invalidate_all()
    return before, after


def recent_documents(env, company, concerned):
    """Return ``{model: ids}`` of the documents that such contacts wrote on last, or follow."""
    env.flush_all()
    names = written_names(concerned.rows)
    rows = env.execute_query(SQL(
        """
        SELECT message.model, message.res_id FROM mail_message message
         WHERE message.id > %s AND message.res_id > 0 AND COALESCE(message.record_company_id, %s) = %s AND %s AND %s IN (%s)
      GROUP BY message.model, message.res_id ORDER BY max(message.id) DESC LIMIT %s
        """, first_message(env), company.id, company.id, from_outside(SQL("message")), sender_domain(SQL("message")), names,
        MAX_DOCUMENTS))
    rows += env.execute_query(SQL(
        """
        SELECT follower.res_model, follower.res_id
          FROM mail_followers follower
          JOIN res_partner contact ON contact.id = follower.partner_id AND contact.partner_share
         WHERE follower.id > %s AND %s IN (%s)
      ORDER BY follower.id DESC LIMIT %s
        """, first_follower(env), domain_part(SQL("contact.email_normalized")), names, MAX_DOCUMENTS))
    documents = {}
    for model, res_id in list(dict.fromkeys(rows))[:MAX_DOCUMENTS]:
        if model in env and res_id not in documents.setdefault(model, []):
            documents[model].append(res_id)
    return documents


def _count_emails(env, users, documents):
    subtype = env.ref('mail.mt_comment').id
    emails, partners = 0, set(users.partner_id.ids)
    for model, ids in documents.items():
        records = env[model].browse(ids).exists()
        if records:
            told = env['mail.followers']._get_recipient_data(records, 'comment', subtype)
            emails += sum(one['notif'] == 'email' and one['id'] in partners for by_id in told.values() for one in by_id.values())
    return emails


def _count(env, rows):
    [[count]] = env.execute_query(SQL("SELECT COALESCE(sum(contact_count), 0) FROM (%s) concerned", rows))
    return count


def _leaving(relaying, company, row):
    """Return the :class:`fate.Leaving` of messages from a contact's domain, ``None`` where core refuses to send them."""
    email = f'somebody@{row.name}'
    route = _route(relaying, company, email)
    return route and fate.Leaving(
        route.server.id or 0, sending_service(company.with_env(relaying.env), route.server).id or 0, route.from_email,
        route.envelope_from, route.from_email == email)


def _route(relaying, company, email):
    return next((route for _moment, route in relaying.asking.external_routes(company.with_env(relaying.env), email)
                 if not isinstance(route, Refused)), None)


def _words(env, relaying, company, row):
    """Return as what messages from a contact's domain leave and how they fare, in a few words."""
    email = f'somebody@{row.name}'
    follows = follows_for(relaying, company, email, row)
    route = _route(relaying, company, email)
    address = '' if route is None else to_unicode(f'@{row.name}') if route.from_email == email else route.from_email
    return say(env, texts.LEAVES, address=address, fate=say(env, texts.FATES[follows.verdict if follows else 'safe']))


def what_follows(env, companies, email):
    """Return what would follow for a contact with this address, in a sentence."""
    sudo, domain = env(su=True), domain_of(email)
    row = sudo['mail.partner.domain'].search([('name', '=', domain)], limit=1)
    follows = follows_for(Relaying(sudo), companies, email, row)
    if follows is None:
        return say(env, texts.ADDRESS_OURS, domain=to_unicode(domain))
    if follows.verdict == 'unknown' or not row and follows.verdict != 'safe':
        return say(env, texts.ADDRESS_UNKNOWN, domain=to_unicode(domain))
    return say(env, texts.ADDRESS_NOW, email=email, fate=env._(texts.FATES[follows.verdict]))
