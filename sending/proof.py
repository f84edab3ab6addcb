"""Remedies that write something are offered only where they were tried (trying_out.py) and no mail fares worse (fate.py)."""

import json
from dataclasses import replace

from odoo.tools import SQL

from ..mailauth.dns.names import domain_of
from . import fate, rules, trying_out
from .asking_core import queue_company
from .fate import Facts, Leaving, Outcome
from .freemail import NOBODYS_DOMAINS
from .rules import FROM_FILTER
from .situation_reading import read_situations


def with_proven_remedies(env, situations, found):
    """Return ``[(company, PathFinding, trial)]`` of ``found``; where a remedy would harm, what to do instead.

    What a change would do to each path depends on the configuration only: it is tried again when that has
    changed. How the mail would then fare is judged each time, for that depends on what DNS said last.

    :param found: ``[(company, PathFinding)]``
    """
    changing = [(company, finding) for company, finding in found if finding.remedy.get('kind') == 'change']
    if not changing:
        return [(company, finding, None) for company, finding in found]
    known = {
        (finding.company_id, finding.code, finding.name): finding.trial or {}
        for finding in env['mail.domain.health.finding'].search([
            ('company_id', 'in', [company.id for company, _finding in changing]), ('area', '=', 'path')])}
    mark, trials = _configuration_mark(env), {}
    for company, finding in changing:
        key = json.dumps([mark, finding.remedy['changes']])
        stored = known.get((company, finding.code, finding.name), {})
        if key not in trials:
            outcomes = stored.get('outcomes') if stored.get('key') == key else \
                trying_out.try_out(env, concerned_companies(env, finding.remedy['changes']), finding.remedy['changes'])
            # As it is read again; what could not be tried now is tried again the next time.
            trials[key] = {'key': key if outcomes is not None else '', 'outcomes': json.loads(json.dumps(outcomes))}
        trials[company, finding.code, finding.name] = trials[key]
    facts = read_facts(env, situations, [
        outcome for trial in trials.values() for outcome in read_outcomes(trial['outcomes'])])
    return [
        (company, *_with_proof(
            facts, situations[company], finding, trials.get((company, finding.code, finding.name)), company.id))
        for company, finding in found]


def _with_proof(facts, situation, finding, trial, company_id):
    """Return ``(finding, trial)``; without its remedy where that would harm other mail or not help this."""
    if not trial:
        return finding, None
    outcomes = read_outcomes(trial['outcomes'])
    own = [outcome for outcome in outcomes if outcome.company_id == company_id]
    worse = fate.first_worse(facts, own) or fate.first_worse(facts, outcomes)
    if not worse and _improves(facts, outcomes) and _helps(facts, situation, finding, outcomes):
        return finding, trial
    is_own = bool(worse) and worse.company_id == company_id
    return rules.without_change(situation, finding, worse, is_own, trial['outcomes'] is not None), trial


def prove(env, finding):
    """Try the remedy of a stored finding now; return ``(Facts, outcomes)``, no outcomes where it is not to be offered."""
    situation = read_situations(env, finding.company_id)[finding.company_id]
    found = next((found for found in rules.findings(situation)
                  if (found.code, found.name) == (finding.code, finding.name)), None)
    if not found or found.remedy != finding.remedy_action or found.remedy.get('kind') != 'change':
        return Facts(), []
    outcomes = trying_out.try_out(env, concerned_companies(env, found.remedy['changes']), found.remedy['changes']) or []
    facts = read_facts(env, {finding.company_id: situation}, outcomes)
    proven = _with_proof(facts, situation, found, {'outcomes': outcomes}, finding.company_id.id)[0] is found
    return facts, outcomes if proven else []


def concerned_companies(env, changes):
    """Return the companies whose mail may leave otherwise because of ``changes``."""
    companies = env['res.company'].sudo().search([('active', '=', True)])
    ids = {change.get('id') for change in changes}
    if all(change['model'] == 'mail.alias.domain' for change in changes):
        # Without an alias domain of its own a company borrows the first one; the queue works in one company's name.
        return companies.filtered(
            lambda company: company.alias_domain_id.id in ids or not company.alias_domain_id) | queue_company(env)
    return companies


def _configuration_mark(env):
    """Return a text that changes whenever mail may leave otherwise than before."""
    env['mail.domain.health.path'].flush_model(['kind'])
    env['ir.mail_server'].flush_model()
    env['mail.alias.domain'].flush_model()
    env['res.company'].flush_model(['alias_domain_id', 'active'])
    [(mark,)] = env.execute_query(SQL(
        """
        SELECT md5(concat_ws(' ',
            (SELECT concat_ws(' ', count(*), max(id)) FROM mail_domain_health_path),
            (SELECT string_agg(concat_ws('|', id, from_filter, sequence, active, smtp_host, smtp_user, owner_user_id,
                    smtp_authentication, mail_sending_service_id), ',' ORDER BY id) FROM ir_mail_server),
            (SELECT string_agg(concat_ws('|', id, name, default_from, bounce_alias, sequence), ',' ORDER BY id)
               FROM mail_alias_domain),
            (SELECT string_agg(concat_ws('|', id, alias_domain_id, active), ',' ORDER BY id) FROM res_company)))
        """))
    IrMailServer = env['ir.mail_server']
    return f'{mark} {IrMailServer._get_default_from_filter()} {IrMailServer._honors_legacy_sender()}'


def read_facts(env, situations, outcomes):
    """Return what the last checks say of the paths in ``outcomes``. Asks no DNS."""
    leavings = {leaving for outcome in outcomes for leaving in (outcome.before, outcome.after) if leaving}
    situation = next(iter(situations.values()))
    servers = {server.id: server for each in situations.values() for server in (*each.servers, each.configuration_file)}
    names = {leaving.from_domain for leaving in leavings} | {server.account_domain for server in servers.values()}
    envelopes = {leaving.envelope_domain for leaving in leavings}
    env['mail.domain.health.path'].flush_model()
    states, dkim, policies = {}, {}, dict(situation.policies)
    for server, service, name, envelope, state, status, policy, no_record in env.execute_query(SQL(
        """
        SELECT DISTINCT ON (1, 2, 3, 4)
               COALESCE(mail_server_id, 0), COALESCE(mail_sending_service_id, 0),
               lower(split_part(from_email, '@', 2)), lower(split_part(envelope_from, '@', 2)), state,
               verdict -> 'dkim' ->> 'status', verdict -> 'dmarc' ->> 'policy', COALESCE(reasons ? 'no_dmarc', FALSE)
          FROM mail_domain_health_path WHERE lower(split_part(from_email, '@', 2)) = ANY(%s) AND state != 'unknown'
      ORDER BY 1, 2, 3, 4, id
        """, list(names))):
        states[server, service, name, envelope] = state
        dkim.setdefault((service, name), status)
        if policy or no_record:
            policies.setdefault(name, policy)
    spf = {(service, envelope): result for service, envelope, result in env.execute_query(SQL(
        """
        SELECT DISTINCT COALESCE(mail_sending_service_id, 0), lower(split_part(envelope_from, '@', 2)),
               verdict -> 'spf' ->> 'result'
          FROM mail_domain_health_path
         WHERE lower(split_part(envelope_from, '@', 2)) = ANY(%s)
           AND verdict -> 'spf' ->> 'result' IN ('pass', 'part', 'fail', 'none', 'permerror')
        """, list(envelopes)))}
    services = env['mail.sending.service'].browse({leaving.service for leaving in leavings} - {0}).exists()
    return Facts(
        states=states, spf=spf, dkim=dkim,
        policies={name: None if policy == 'missing' else policy for name, policy in policies.items()},
        servers=servers, foreign=_foreign_domains(env, names), accepted=frozenset(
            (path.server.id, path.from_domain, path.envelope_domain)
            for each in situations.values() for path in each.paths if path.is_accepted),
        own_envelope=frozenset(services.filtered(lambda service: service.envelope == 'replace').ids),
        signing=frozenset(services.filtered('signs').ids))


def _foreign_domains(env, names):
    """Return those among domain names that are somebody else's."""
    known = env['mail.domain.health'].search([('name', 'in', list(names))])
    claimed = known.filtered(lambda domain: not domain.is_foreign)
    return frozenset({*(NOBODYS_DOMAINS & names), *known.mapped('name')} - set(claimed.mapped('name')))


def read_outcomes(stored):
    """Return the :class:`fate.Outcome` of each author, from what was stored as JSON."""
    return [
        Outcome(company, kind, author, before and Leaving(*before), after and Leaving(*after))
        for company, kind, author, before, after in stored or ()]


def _improves(facts, outcomes):
    """Whether some mail fares better, or some that fares well leaves as it should; to fail in another way is no remedy."""
    return any(fate.is_better(facts, outcome) or fate.fate(facts, outcome.after)[1] > 1 for outcome in outcomes)


def _helps(facts, situation, finding, outcomes):
    """Whether the finding would concern fewer paths, or none any more."""
    after = {(outcome.kind, outcome.author, outcome.before[:4]): outcome for outcome in outcomes if outcome.before}
    values = {(change['model'], change.get('id')): change['value'] for change in finding.remedy['changes']}
    default_filter = next(
        (change['value'] for change in finding.remedy['changes'] if change.get('key') == FROM_FILTER),
        situation.default_from_filter)
    servers = {server.id: replace(server, from_filter=values.get(('ir.mail_server', server.id), server.from_filter))
               for server in situation.servers}
    servers[0] = replace(situation.configuration_file, from_filter=default_filter)
    changes = {change['field']: change['value'] for change in finding.remedy['changes']
               if change['model'] == 'mail.alias.domain'}
    alias_domain = changes.get('name', situation.alias_domain)
    address = changes.get('default_from', '') or situation.notifications_from
    if '@' not in address:
        address = f'{address}@{alias_domain}'
    elif 'name' in changes and domain_of(address) == situation.alias_domain.lower():
        address = f'{address.rpartition("@")[0]}@{alias_domain}'
    tried = replace(
        situation, paths=tuple(_after(facts, path, after, servers) for path in situation.paths),
        servers=tuple(server for server in servers.values() if server.id), alias_domain=alias_domain,
        notifications_from=address, default_from_filter=default_filter)
    lasting = next((other for other in rules.findings(tried)
                    if (other.code, other.name) == (finding.code, finding.name)), None)
    return not lasting or len(lasting.path_ids) < len(finding.path_ids)


def _after(facts, path, after, servers):
    """Return what becomes of a path; one whose server's filter changes has the changed server."""
    path = replace(path, server=servers.get(path.server.id, path.server))
    outcome = after.get((path.kind, path.author_email, (path.server.id, path.service_id, path.from_email, path.envelope_from)))
    if not outcome:
        return path
    if not outcome.after:
        return replace(path, refusal='no_author')
    state = {(3, 3): 'pass', (2, 2): 'warning', (1, 1): 'fail', (0, 0): 'fail'}.get(
        fate.fate(facts, outcome.after), 'unknown')
    leaving = outcome.after
    return replace(
        path, server=servers.get(leaving.server, path.server), from_email=leaving.from_email, envelope_from=leaving.envelope_from,
        is_rewritten=leaving.from_email != path.author_email, state=state, dmarc='unknown', spf='unknown',
        is_provider_own=leaving.from_domain in facts.foreign and state == 'pass')
