"""What is to be known of a contact's address, and which contacts that concerns. Of stored values only: asks no DNS.

Whoever may read a contact may know it; the domains themselves are settings administrators'.
"""

import re
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..mailauth.dns.names import domain_of, to_unicode
from ..sending.freemail import FREEMAIL_DOMAINS
from ..texts import relaying as texts
from ..texts.filling import say
from .relaying import CODE, ENFORCEMENTS, IN_ODOO, NAMED_NOWHERE, OURS, Contact, Relaying, worst
from .sources import domain_part, external_counts

MARKED = 'marked'  # as mail.partner.domain.mark: seen often enough to say it
TOLD = ('unsafe', 'fragile')  # of relaying.Follows.verdict, the worst first: something follows
SPF_DEFAULTS = ('', 'unknown', 'none', 'fail', 'softfail', 'neutral', 'pass', 'invalid')


class Badges(NamedTuple):
    """What is to be said of one contact: ``codes`` of :data:`texts.relaying.BADGES`, a sentence each, a better address.

    ``relaying`` is ``unsafe``, ``fragile`` (which nothing is said of) or ``False``.
    """

    codes: tuple = ()
    sentences: tuple = ()
    suggestion: str = ''
    relaying: str | bool = False


def read_badges(partners):
    """Return ``{partner id: Badges}`` of those of whom something is to be said, however many in as many queries."""
    env = partners.env
    addresses = {partner: partner.email_normalized for partner in partners if '@' in (partner.email_normalized or '')}
    rows = read_rows(env, {domain_of(email) for email in addresses.values()})
    if not rows:
        return {}
    logins = with_login(env, [
        partner.id for partner, email in addresses.items() if (row := rows.get(domain_of(email))) and row.suggestion])
    relaying, quiet, found = None, env['res.company'], {}
    for partner, email in addresses.items():
        row = rows.get(domain_of(email))
        if not row:
            continue
        said, verdict = {}, False
        suggestion = '' if partner.id in logins else suggested(email, row.suggestion)
        if suggestion:
            said['mistyped'] = say(env, texts.MISTYPED, suggestion=suggestion, domain=to_unicode(row.name))
        if row.mark == MARKED:
            said['unreachable'] = _unreachable(env, row)
        if partner.partner_share:
            if not relaying:
                relaying, quiet = Relaying(env), _companies_that_pass_nothing_on(env)
            follows = follows_for(relaying, _companies_of(partner) - quiet, email, row, apart_from=OURS)
            verdict = follows and follows.verdict in TOLD and follows.verdict
            if verdict == 'unsafe':
                said['unsafe'] = unsafe_sentence(env, row, follows)
        if said or verdict:
            found[partner.id] = Badges(tuple(said), tuple(said.values()), suggestion, verdict)
    return found


def _unreachable(env, row):
    """Return why mail cannot reach an address at the domain of ``row``, and since when where that is known."""
    reason = say(env, texts.UNREACHABLE.get(row.reception, texts.UNREACHABLE[None]), domain=to_unicode(row.name))
    since = row.unreachable_since or row.marked_on
    return f"{reason} {say(env, texts.SEEN_SINCE, since=format_date(env, since))}" if since else reason


def follows_for(relaying, companies, email, row, apart_from=()):
    """Return the worst that follows in these companies for a contact at the domain of ``row``, ``None`` where it is ours.

    What follows for one of the reasons ``apart_from`` does not count: a badge tells contacts apart, and what lies in our
    own configuration (:data:`relaying.OURS`) holds for all of them. The finding in Settings and in the report says that.
    """
    contact = Contact(row.policy or 'unknown', row.spf or 'unknown')
    return worst(follows for company in companies if (follows := relaying.follows(company, email, contact))
                 and follows.reason not in apart_from)


def unsafe_sentence(env, row, follows):
    """Return why colleagues may miss messages from this domain."""
    reason = f'policy.{row.policy}' if follows.reason == 'policy' else follows.reason
    return say(env, texts.UNSAFE[reason], domain=to_unicode(row.name), policy_domain=to_unicode(row.policy_domain or row.name))


def correct_address(partner):
    """Replace the domain of a contact's address by the one that was probably meant; the old address stays in the chatter.

    :return: whether there was something to correct
    """
    partner.ensure_one()
    partner.check_access('write')
    suggestion = read_badges(partner).get(partner.id, Badges()).suggestion
    if not suggestion:
        return False
    old = partner.email
    at_domain = re.compile(r'@' + re.escape(partner.email_normalized.rpartition('@')[2]) + r'(?=[\s>]|$)', re.IGNORECASE)
    partner.email = at_domain.sub('@' + suggestion.rpartition('@')[2], old)
    partner.message_post(
        body=say(partner.env, texts.CORRECTED, old=old, new=partner.email), subtype_xmlid='mail.mt_note')
    return True


# Which contacts

def marked_condition(env):
    """Return the condition on contacts whose domain cannot receive mail."""
    return _at_domains(env, _marked())


def marked_names(env):
    """Return the query of all domains that cannot receive mail, as addresses have them."""
    env['mail.partner.domain'].flush_model(['name', 'written_as', 'mark'])
    return written_names(_marked())


def at_domain(row):
    """Return the condition on contacts at a domain, as a list that a screen can be given."""
    names = [row.name, *(row.written_as or '').split()]
    escaped = [name.replace('\\', '\\\\').replace('_', r'\_').replace('%', r'\%') for name in names]
    return [*'|' * (len(names) - 1), *(('email_normalized', '=like', f'%@{name}') for name in escaped)]


def _marked():
    return SQL("SELECT name, written_as FROM mail_partner_domain WHERE mark = %s", MARKED)


def mistyped_condition(env):
    """Return the condition on contacts whose address is probably a typing mistake, and nobody's login."""
    env['res.users'].flush_model(['partner_id'])
    nobodys_login = Domain.custom(to_sql=lambda _model, alias, _query: SQL(
        "NOT EXISTS (SELECT 1 FROM res_users WHERE res_users.partner_id = %s)", SQL.identifier(alias, 'id')))
    return nobodys_login & _at_domains(env, SQL("SELECT name, written_as FROM mail_partner_domain WHERE suggestion <> ''"))


def relaying_condition(env, verdicts):
    """Return the condition on contacts of whose messages, passed on, one of ``verdicts`` is the worst in any company.

    As their badge has it: what lies in our own configuration does not count (:func:`follows_for`).
    """
    relaying, quiet = Relaying(env), _companies_that_pass_nothing_on(env)
    env['res.partner'].flush_model(['company_id', 'partner_share'])

    def somewhere(some):
        return Domain.OR(Domain('company_id', 'in', (False, company.id)) & _condition_in(relaying, company, some)
                         for company in env.companies - quiet)

    worse = TOLD[:min(map(TOLD.index, verdicts))]
    return Domain('partner_share', '=', True) & somewhere(verdicts) & (~somewhere(worse) if worse else Domain.TRUE)


def _condition_in(relaying, company, verdicts):
    rows = relaying.env['mail.partner.domain'].sudo()
    exact = {email: rows.search([('name', '=', domain_of(email))], limit=1) for email in relaying.asking.addresses}
    chosen = [email for email, row in exact.items()
              if row and (follows := follows_for(relaying, company, email, row, OURS)) and follows.verdict in verdicts]
    others = _at_domains(relaying.env, domains_with(relaying, company, verdicts, OURS))
    return others & Domain('email_normalized', 'not in', list(exact)) | Domain('email_normalized', 'in', chosen)


def domains_with(relaying, company, verdicts, apart_from=()):
    """Return the query of the rows of ``mail.partner.domain`` at which contacts come to one of ``verdicts`` in ``company``.

    With the columns of :func:`external_counts`.

    Addresses that a setting names one by one are left out: they are asked about by themselves. So is what follows for one of
    the reasons ``apart_from``.
    """
    def is_meant(follows):
        return bool(follows) and follows.verdict in verdicts and follows.reason not in apart_from

    tells = [
        (policy, spf) for policy in (*ENFORCEMENTS, 'unknown') for spf in SPF_DEFAULTS
        if is_meant(relaying.follows(company, NAMED_NOWHERE, Contact(policy, spf)))]
    # Domains that a setting may look at, and those of a mail provider whose servers may be ours, are asked about one by one.
    tails = relaying.asking.named.get_tails()
    apart = relaying.env['mail.partner.domain'].sudo().search(Domain.OR([
        Domain('name', 'in', [*FREEMAIL_DOMAINS, *tails]), *(Domain('name', '=like', f'%.{tail}') for tail in tails)]))
    special = [row.name for row in apart if is_meant(follows_for(relaying, company, f'somebody@{row.name}', row))]
    return SQL(
        """
        SELECT * FROM (%s) domain
         WHERE name <> ALL(%s)
           AND (name = ANY(%s) OR (name <> ALL(%s) AND (COALESCE(policy, 'unknown'), COALESCE(spf, '')) IN %s))
        """, external_counts(relaying.env), sorted(relaying.own_domains), special, apart.mapped('name'),
        tuple(tells) or (('', ''),))


def written_names(rows):
    """Return the query of the names of ``rows`` (name, written_as), as addresses have them."""
    return SQL(
        """
        SELECT name FROM (%s) named UNION ALL
        SELECT regexp_split_to_table(written_as, ' ') FROM (%s) written WHERE written_as <> ''
        """, rows, rows)


def _at_domains(env, rows):
    """Return the condition on contacts at the domains that ``rows`` (name, written_as) selects."""
    env['mail.partner.domain'].flush_model()
    env['res.partner'].flush_model(['email_normalized'])
    return Domain.custom(to_sql=lambda _model, alias, _query: SQL(
        # A contact without address is at none of them, which its negation is to say too.
        "COALESCE(%s, '') IN (%s)", domain_part(SQL.identifier(alias, 'email_normalized')), written_names(rows)))


def read_rows(env, names):
    """Return ``{domain: row}`` of those that are known, with the rights of everybody who sees the contact."""
    rows = env['mail.partner.domain'].sudo().search_fetch(
        [('name', 'in', sorted(names - {''}))],
        ['name', 'policy', 'policy_domain', 'spf', 'mark', 'reception', 'suggestion', 'unreachable_since', 'marked_on'])
    return {row.name: row for row in rows}


def with_login(env, partner_ids):
    """Return the ids of those with whose address somebody may log in: no user's address is corrected here."""
    if not partner_ids:
        return set()
    users = env['res.users'].sudo().with_context(active_test=False).search_fetch(
        [('partner_id', 'in', partner_ids)], ['partner_id'])
    return set(users.partner_id.ids)


def suggested(email, domain):
    """Return the address with the domain that was probably meant, an empty text where none was."""
    return f"{email.rpartition('@')[0]}@{domain}" if domain else ''


def _companies_that_pass_nothing_on(env):
    """Return those of the current user's companies in which everybody concerned is notified in Odoo, as of the last look."""
    findings = env['mail.domain.health.finding'].sudo().search_fetch(
        [('code', '=', CODE), ('resolved_on', '=', False), ('company_id', 'in', env.companies.ids)], ['company_id', 'params'])
    return findings.filtered(lambda found: (found.params or {}).get('reason') == IN_ODOO).company_id.with_env(env)


def _companies_of(partner):
    """Return the companies whose documents a contact may write to, of those that the current user works in."""
    companies = partner.env.companies
    return companies & partner.company_id if partner.company_id else companies
