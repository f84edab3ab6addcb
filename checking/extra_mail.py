"""A mail beside what is told in Odoo, through a sending path that works: never through the domain that it is about.

Where no path works, no mail is sent; what is told in Odoo is all there is then.
"""

from collections import namedtuple
from datetime import timedelta

from odoo import fields
from odoo.fields import Domain
from odoo.tools import formataddr

from ..mailauth.dns.names import domain_of, is_subdomain
from ..sending.asking_core import alias_domain_of, probe, queue_company
from ..sending.measuring import UNCOUNTED

KINDS = ('notifications', 'company', 'catchall', 'odoobot')  # paths of nobody in person, the preferred ones first
SEEN_WITHIN = timedelta(days=3)  # a verdict that is older says nothing of now
MAX_PATHS = 200  # that are looked at
MAX_ASKED = 20  # of which core is asked
QUEUE = 'mail.ir_cron_mail_scheduler_action'

# A way on which a mail leaves: the path, the address that it is from, and the alias domain that it is sent for.
Way = namedtuple('Way', 'path from_email alias_domain')


def find_way(env, avoided, companies):
    """Return the best way that works just now, or ``None``.

    Its verdict is that of the last look, its sender and server what core chooses at this moment.

    :param set avoided: names of domains (A-labels) that neither sender nor envelope may have, nor one above or below them
    :param companies: those whose paths are preferred
    """
    Path = env['mail.domain.health.path'].sudo()
    works = Domain('state', 'in', ('pass', 'warning')) & Domain('kind', 'in', KINDS) & Domain('refusal', '=', False) \
        & Domain('moment', 'in', ('any', 'queue')) & Domain('company_id.active', '=', True) \
        & Domain('judge_id.last_check', '>=', fields.Datetime.now() - SEEN_WITHIN)
    paths = Path.search(works & Domain('company_id', 'in', companies.ids), limit=MAX_PATHS)
    paths |= Path.search(works, limit=MAX_PATHS)
    paths = paths.filtered(lambda path: not _is_avoided(path, avoided)).sorted(
        lambda path: (path.company_id not in companies, path.state != 'pass', KINDS.index(path.kind), path.id))
    for path in paths[:MAX_ASKED]:
        way = _ask(env, path)
        if way:
            return way
    return None


def send(env, way, user, subject, body):
    """Have one mail sent to a user by Odoo's queue of outgoing mail; it leaves nothing behind once it is sent.

    :param Markup body: what it says
    """
    env['mail.mail'].sudo().create({
        'subject': subject, 'body_html': body, 'email_from': formataddr((env._("Email Domain Health"), way.from_email)),
        'email_to': user.email_formatted, 'reply_to': way.from_email, 'author_id': False, 'message_type': 'email_outgoing',
        'mail_server_id': way.path.mail_server_id.id, 'record_company_id': way.path.company_id.id,
        'record_alias_domain_id': way.alias_domain.id, 'auto_delete': True,
        'headers': repr({'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', UNCOUNTED: 'yes'}),
    })
    queue = env.ref(QUEUE, raise_if_not_found=False)
    if queue:
        queue.sudo()._trigger()


def tell(domain, user, subject, body, is_deaf):
    """Mail what is told of a domain to one of its responsible users, where Settings and a sending path allow it.

    :param bool is_deaf: whether the domain cannot receive mail just now
    """
    address = user.email_normalized
    if not address or domain._is_neutralized() or not _is_wanted(domain, user):
        return
    if is_deaf and is_subdomain(domain_of(address), domain.name):
        return
    way = find_way(domain.env, {domain.name}, user.company_ids)
    if way:
        send(domain.env, way, user, subject, body)


def _is_wanted(domain, user):
    companies = domain.sudo().company_ids
    return any((companies & user.sudo().company_ids or companies or user.sudo().company_id).mapped('mail_health_also_mails'))


def _is_avoided(path, avoided):
    names = (path._from_domain(), path._envelope_domain())
    return not all(names) or any(
        is_subdomain(name, broken) or is_subdomain(broken, name) for name in names for broken in avoided)


def _ask(env, path):
    """Return the way of a path, if core chooses the server, the sender and the envelope that its verdict is about."""
    company, server = path.company_id, path.mail_server_id
    if server and (not server.active or server.owner_user_id):
        return None
    alias_domain = alias_domain_of(company)
    route = probe(
        env, company, path.from_email, alias_domain=alias_domain, acting_company=queue_company(env), mail_server=server or None)
    is_foretold = route and route.server == server and route.from_email == path.from_email \
        and domain_of(route.envelope_from) == path._envelope_domain()
    return Way(path, path.from_email, alias_domain) if is_foretold else None
