"""What receivers report of a domain's mail, as the page about it shows it. Of stored values only."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL, format_date

from ..receiving import gathering, storing
from ..texts import sources as texts

CHART_DAYS = 90
MAX_SHOWN = 30  # sources by themselves
GROUPED_BELOW = 0.001  # of all mail: unknown sources of which nothing ever passed
MAX_LISTED = 500  # addresses of one source whose rows a list shows
OUTCOMES = tuple(texts.OUTCOMES)


def get_received(domain):
    """Return what the page shows.

    :return: ``{sentence, days, outcomes: [{key, label, counts}], sources, others, reporters, untrusted, partial, tls}``:
        ``days`` are dates, each of ``counts`` one's emails; a source is what :func:`_get_card` returns; ``others`` is a sentence
        about those that are too small to be shown; without any report there are no ``days``
    """
    env = domain.env
    today = fields.Date.today()
    days = [today - timedelta(days=CHART_DAYS - 1 - number) for number in range(CHART_DAYS)]
    counts = _count_days(domain, days[0])
    known = gathering.get_known(domain)
    sources = gathering.sources.sort_out(gathering.read_mails(domain), known)
    shown, others = choose(sources)
    names = _get_services(env, shown)
    decided = {
        row.place: row for row in env['mail.domain.health.source'].search([('domain_id', '=', domain.id)])}
    total, passed = (sum(getattr(source, name) for source in sources) for name in ('messages', 'passed'))
    reporters, untrusted, partial = _count_reporters(domain)
    has_any = any(map(any, counts.values()))
    return {
        'sentence': texts.summary(env, total, passed) if has_any else texts.nothing(
            env, bool(domain.report_address_text)),
        'days': [fields.Date.to_string(day) for day in days] if has_any else [],
        'outcomes': [{'key': key, 'label': env._(texts.OUTCOMES[key]), 'counts': counts[key]} for key in OUTCOMES],
        'sources': [_get_card(env, source, names.get(source.service), decided.get(source.place)) for source in shown],
        'others': texts.others(env, len(others), sum(source.messages for source in others)) if others else None,
        'reporters': texts.reporters(env, reporters) if reporters else None,
        'untrusted': texts.untrusted(env, untrusted) if untrusted else None,
        'partial': texts.partial(env, partial) if partial else None,
        'tls': _get_tls(domain, days[-1] - gathering.PERIOD),
    }


def choose(sources):
    """Return the sources that are shown by themselves, and the others: the smallest, and tiny ones that nothing tells of."""
    total = sum(source.messages for source in sources)
    shown, others = [], []
    for source in sources:
        is_tiny = source.kind == 'unknown' and not source.passed and source.messages < GROUPED_BELOW * total
        (others if is_tiny or len(shown) >= MAX_SHOWN else shown).append(source)
    return shown, others


def get_rows(domain, place, kind):
    """Return the condition on rows of `mail.domain.health.volume` of a source as it is shown now."""
    sources = gathering.get_sources(domain)
    addresses = next((source.addresses for source in sources if (source.place, source.kind) == (place, kind)), {})
    listed = sorted(addresses, key=lambda address: -addresses[address])[:MAX_LISTED]
    since = fields.Date.today() - gathering.PERIOD
    return [('domain_id', '=', domain.id), ('source', 'in', listed), ('date', '>=', since), ('is_trusted', '=', True)]


def _count_days(domain, since):
    env = domain.env
    env['mail.domain.health.volume'].flush_model()
    counts = {key: [0] * CHART_DAYS for key in OUTCOMES}
    for date, outcome, messages in env.execute_query(SQL(
            """
            SELECT date, CASE WHEN dkim_aligned OR spf_aligned THEN 'passed' WHEN disposition = 'reject' THEN 'rejected'
                              WHEN disposition = 'quarantine' THEN 'quarantined' ELSE 'delivered' END, sum(messages)
              FROM mail_domain_health_volume WHERE domain_id = %s AND date >= %s AND is_trusted GROUP BY 1, 2
            """, domain.id, since)):
        number = (date - since).days
        if number < CHART_DAYS:
            counts[outcome][number] = int(messages)
    return counts


def _get_services(env, sources):
    codes = [source.service for source in sources if source.service]
    Service = env['mail.sending.service'].sudo().with_context(active_test=False)
    return {service.code: service.name for service in Service.search_fetch([('code', 'in', codes)], ['code', 'name'])}


def _get_card(env, source, service, decided):
    addresses = [address for address, _messages in source.addresses.most_common(gathering.sources.MAX_ADDRESSES)]
    return {
        'place': source.place,
        'kind': source.kind,
        'label': env._(texts.KINDS[source.kind]),
        'title': service or texts.address(env, source.address),
        'addresses': addresses if service else [],
        'more': max(0, len(source.addresses) - len(addresses)) if service else 0,
        'what': texts.what(env, source, service or texts.address(env, source.address)),
        'to_do': texts.to_do(env, source, service),
        'messages': source.messages,
        'passed': source.passed,
        'dkim': source.dkim,
        'spf': source.spf,
        'rejected': source.fates['reject'],
        'quarantined': source.fates['quarantine'],
        'reasons': [
            {'label': label, 'messages': source.reasons[reason]}
            for reason, label in texts.reasons(env) if source.reasons[reason]],
        'days': texts.period(env, source.first, source.last),
        'is_open': source.is_open,
        'decision': decided.decision if decided else None,
        'decided': texts.decided(env, decided) if decided else None,
        'can_decide': bool(source.service or source.address) and bool(decided or source.kind not in ('yours', 'forwarded')),
    }


def _count_reporters(domain):
    """Return the names of the reporters that count, and how many of 30 days do not: for their sender, as partial."""
    env = domain.env
    since = fields.Datetime.now() - gathering.PERIOD
    names, untrusted, partial = {}, 0, 0
    for reporter_id, state, count in env.execute_query(SQL(
            """
            SELECT reporter_id, state, count(*) FROM mail_domain_health_report
             WHERE domain_id = %s AND received_on >= %s AND kind = 'dmarc' GROUP BY 1, 2
            """, domain.id, since)):
        reporter = env['mail.domain.health.reporter'].browse(reporter_id or ())
        if state == 'counted' and reporter.is_trusted:
            names[reporter.name] = reporter.org_name or reporter.name
        elif state in ('counted', 'unverified'):
            untrusted += count
        elif state == 'partial':
            partial += count
    return sorted(names.values()), untrusted, partial


def _get_tls(domain, since):
    """Return what senders report of connections to the domain's mail servers: a row for each failure."""
    env = domain.env
    env['mail.domain.health.tls'].flush_model()
    rows = env.execute_query(SQL(
        """
        SELECT tls.result, tls.policy, tls.mx_host, COALESCE(NULLIF(reporter.org_name, ''), reporter.name), sum(tls.sessions),
               max(tls.date)
          FROM mail_domain_health_tls tls JOIN mail_domain_health_reporter reporter ON reporter.id = tls.reporter_id
         WHERE tls.domain_id = %s AND tls.date >= %s AND reporter.is_trusted GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC
        """, domain.id, since))
    if not rows:
        return None
    failed = [row for row in rows if row[0]]
    return {
        'sentence': texts.tls_summary(env, sum(int(row[4]) for row in rows), sum(int(row[4]) for row in failed)),
        'failures': [{
            'what': texts.tls_failure(env, result), 'to_do': texts.tls_mend(env, result), 'policy': texts.tls_policy(env, policy),
            'host': host or None, 'receiver': receiver, 'sessions': int(sessions), 'last': format_date(env, last)}
            for result, policy, host, receiver, sessions, last in failed[:MAX_SHOWN]],
    }


def name_reporters(volumes):
    """Return ``{id of a row: its reporters in words, each with its emails}``."""
    counts = {volume.id: storing.read_by_reporter(volume.by_reporter) for volume in volumes}
    env = volumes.env
    ids = {one for found in counts.values() for one in found}
    known = env['mail.domain.health.reporter'].sudo().search([('id', 'in', list(ids))])
    names = {reporter.id: reporter.name for reporter in known}
    return {row_id: texts.by_reporter(env, [(names.get(one), messages) for one, messages in found.items()])
            for row_id, found in counts.items()}
