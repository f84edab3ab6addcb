"""What TLS reports (RFC 8460) say, as rows of `mail.domain.health.tls`: sessions by day, receiver's view, policy and MX."""

from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..mailauth.dns.names import to_ascii
from . import storing

MAX_ROWS = 50  # of one report; the smallest are summed up as OTHERS
MAX_UNTRUSTED_ROWS = 2  # of one of a reporter that does not count: what succeeded and what did not
POLICIES = ('sts', 'tlsa', 'no-policy-found')
SUCCESS, OTHERS = '', 'others'
_KNOWN = frozenset({  # RFC 8460 §4.3
    'starttls-not-supported', 'certificate-host-mismatch', 'certificate-expired', 'certificate-not-trusted',
    'validation-failure', 'tlsa-invalid', 'dnssec-invalid', 'dane-required', 'sts-policy-fetch-error', 'sts-policy-invalid',
    'sts-webpki-invalid',
})


def rows_of(report, domain, domain_id, date, reporter_id, is_trusted):
    """Return the rows of what a report says about one domain: of the failures that it explains, and of those that it does not.

    :param TlsReport report: read by the engine
    :param str domain: the A-labels of the domain that ``domain_id`` is of
    """
    counts = Counter()
    for policy in report.policies:
        if to_ascii(policy.domain) != domain:
            continue
        kind = policy.type if policy.type in POLICIES else None
        hosts = policy.mx_hosts[0] if len(policy.mx_hosts) == 1 else ''
        counts[kind, _host(hosts), SUCCESS] += policy.successes
        explained = 0
        for failure in policy.details:
            result = failure.result_type.lower() if failure.result_type.lower() in _KNOWN else OTHERS
            counts[kind, _host(failure.receiving_mx_hostname) or _host(hosts), result] += failure.sessions
            explained += failure.sessions
        counts[kind, _host(hosts), OTHERS] += max(0, policy.failures - explained)
    counts = Counter({key: sessions for key, sessions in counts.items() if sessions > 0})
    most = MAX_ROWS if is_trusted else MAX_UNTRUSTED_ROWS
    if len(counts) > most:
        kept = Counter() if not is_trusted else Counter(dict(counts.most_common(most)))
        for (kind, host, result), sessions in counts.items():
            if (kind, host, result) not in kept:
                kept[None, '', SUCCESS if result == SUCCESS else OTHERS] += sessions
        counts = kept
    return [(domain_id, date, reporter_id, kind, host, result, min(sessions, storing.MAX_MESSAGES))
            for (kind, host, result), sessions in sorted(counts.items(), key=repr)]


def store(env, rows):
    """Store rows of :func:`rows_of`."""
    if rows:
        env.cr.execute(SQL(
            """
            INSERT INTO mail_domain_health_tls (domain_id, date, reporter_id, policy, mx_host, result, sessions) VALUES %s
            """, SQL(", ").join(SQL("%s", row) for row in rows)))
        env['mail.domain.health.tls'].invalidate_model()


def forget_old(env):
    """Remove rows of days longer ago than reports are kept."""
    env.cr.execute(SQL(
        "DELETE FROM mail_domain_health_tls WHERE date < %s", fields.Date.today() - timedelta(days=storing.get_days(env))))
    env['mail.domain.health.tls'].invalidate_model()


def _host(name):
    return (to_ascii(name) or '')[:255]
