"""The engine's question about a domain: who sends as it, through what. Made of stored values only."""

from odoo.tools import SQL

from .. import mailauth
from ..mailauth.dns.names import ancestors
from ..sending.engine_path import engine_path, known_addresses

# What is read of a path: its verdict and reasons are many times as large, and all paths of a company may bounce to one domain.
PATH_FIELDS = ['company_id', 'envelope_from', 'from_email', 'is_used', 'mail_sending_service_id', 'mail_server_id', 'refusal',
               'smtp_host']


def read_together(domains):
    """Read what :func:`domain_query` reads of paths, of all these domains at once."""
    (domains.path_ids | domains.envelope_path_ids | domains.judged_path_ids).fetch(PATH_FIELDS)


def domain_query(domain, fragile):
    """Return the question about a domain.

    :param set[str] fragile: what :func:`names_above_fragile` returned
    """
    selectors = domain._selectors()
    paths = (domain.path_ids | domain.envelope_path_ids | domain.judged_path_ids).filtered(
        lambda path: path.company_id.active and not path.refusal)
    return mailauth.DomainQuery(
        domain.name,
        selectors=tuple(selectors),
        paths=tuple(engine_path(path, selectors) for path in paths),
        dmarc_report_address=domain.dmarc_report_address or None,
        receives_reports=domain._receives_reports(),
        addresses=tuple((address, None) for address in known_addresses(paths)),
        # What waits to be announced is asked of the zone's own servers too, past every cache.
        confirm=domain._awaits_confirmation(),
        managed=_is_managed_by_odoo(domain.name),
        subdomains_pass=domain.name not in fragile,
        sends_nothing=domain.sends_nothing,
        mail_seen=domain.sends_nothing and _is_mail_seen(domain),
    )


def _is_mail_seen(domain):
    """Whether mail is known that left as this domain or as a subdomain of it, whoever says that it sends nothing."""
    names = ['|', ('from_domain', '=', domain.name), ('from_domain', '=like', f'%.{domain.name}')]
    return bool(domain.env['mail.sending.observation'].sudo().search_count(names, limit=1)) \
        or bool(domain.env['mail.domain.health.path'].sudo().search_count([
            ('from_health_id', '=', domain.id), ('sent_count', '>', 0)], limit=1))


def names_above_fragile(env):
    """Return the names above domains whose mail does not pass: a stricter DMARC policy there would hold for it."""
    env['mail.domain.health'].flush_model(['active', 'name', 'state'])
    env['mail.domain.health.path'].flush_model(['from_health_id', 'is_used'])
    return {above for [name] in env.execute_query(SQL(
        """
        SELECT domain.name FROM mail_domain_health domain
         WHERE domain.active AND domain.state NOT IN ('pass', 'not_needed') AND EXISTS (
               SELECT FROM mail_domain_health_path path WHERE path.from_health_id = domain.id AND path.is_used)
        """)) for above in ancestors(name)[1:]}


def _is_managed_by_odoo(name):
    """Whether Odoo publishes the records of this domain itself."""
    return name == 'odoo.com' or name.endswith('.odoo.com')
