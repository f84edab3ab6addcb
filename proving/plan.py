"""Which sending paths can be proven, by whom, and as what a mail is handed to core so that it leaves as the path's mail does."""

from collections import namedtuple

from odoo.tools.mail import email_normalize

from ..sending.asking_core import alias_domain_of, probe, queue_company
from ..sending.external_senders import EXTERNAL_KINDS
from ..sending.freemail import NOBODYS_DOMAINS

# As what a mail is created (``values`` of ``mail.mail``), in which company it is sent, and whether the queue sends it.
Plan = namedtuple('Plan', 'values company queued')
# Why a path cannot be proven: a key of texts/proof.py: REASONS.
Obstacle = namedtuple('Obstacle', 'reason')

# Whose authors are somebody else: a mail of ours must not bear their address, not even for a proof.
THIRD_PARTIES = (*EXTERNAL_KINDS, 'organizer', 'unforeseen')
# What core sends of these has no alias domain of its own (sending/collecting.py).
_WITHOUT_ALIAS_DOMAIN = ('template', 'gateway', 'code', 'digest')


def plan(path):
    """Return the :class:`Plan` of a proof that the user of the path's environment sends on it, or an :class:`Obstacle`.

    Core is asked once more: what would leave now in another way than the path says is not proven.
    """
    if path.refusal:
        return Obstacle('refused')
    if path.kind in THIRD_PARTIES or not _is_own_address(path):
        return Obstacle('third_party')
    server, user = path.sudo().mail_server_id, path.env.user
    if server.owner_user_id and server.owner_user_id != user:
        return Obstacle('owner')
    queued = path.moment == 'queue'
    company = path.sudo().company_id
    acting_company = queue_company(path.env) if queued else company
    forced = server if path.is_forced else None
    for alias_domain in _alias_domains(path, company):
        route = probe(
            path.env, company, path.author_email, alias_domain=alias_domain, acting_company=acting_company,
            mail_server=forced, user=user)
        if _is_foretold(path, route):
            return Plan({
                'email_from': path.author_email, 'record_company_id': company.id,
                'record_alias_domain_id': alias_domain.id, 'mail_server_id': server.id if forced else False,
            }, acting_company, queued)
    return Obstacle('otherwise')


def _is_own_address(path):
    """Whether what receivers would see is an address of a domain of ours, or of the account that the server logs in with."""
    domain = path._from_domain()
    if not domain:
        return False
    server = path.sudo().mail_server_id
    if server.smtp_user and email_normalize(server.smtp_user) == path.from_email:
        return True
    return domain not in NOBODYS_DOMAINS and bool(path.from_health_id) and not path.from_health_id.is_foreign


def _alias_domains(path, company):
    """Return what the mail's alias domain may be: the company's, and none, the more likely one first."""
    candidates = [alias_domain_of(company), path.env['mail.alias.domain']]
    return reversed(candidates) if path.kind in _WITHOUT_ALIAS_DOMAIN else candidates


def _is_foretold(path, route):
    return route is not None and route.server.id == path.mail_server_id.id and route.from_email == path.from_email \
        and route.envelope_from == path.envelope_from
