"""What is to be said of a user's own address: that mail leaves as somebody else's domain. Of stored values only: asks no DNS."""

from typing import NamedTuple

from odoo import SUPERUSER_ID
from odoo.tools.mail import email_normalize

from ..mailauth.dns.names import domain_of, to_unicode
from ..sending.asking_core import alias_domain_of
from ..sending.asking_once import Asking
from ..sending.freemail import NOBODYS_DOMAINS, sends_for
from ..sending.policies import read_policies
from ..sending.services import sending_service
from ..texts import contacts as texts
from ..texts import findings
from ..texts.filling import say

CODE = 'path.foreign_author'  # the finding about the same mail
_WORDS = {'missing': 'none', 'none': 'monitor'}  # as texts.contacts.POLICIES has them, where they differ


class Notice(NamedTuple):
    """``policy`` is what the domain asks of receivers, ``text`` what that means for mail of the user, ``remedy`` what helps."""

    policy: str
    text: str
    remedy: str


def read_notices(users):
    """Return ``{user: Notice}`` of internal users whose mail leaves as an address at a domain that is not ours.

    Nothing of those whose address is replaced, or may leave: through the provider's own servers, or where a check
    saw that receivers accept it.
    """
    env = users.env(su=True)
    addresses = {
        user: email for user in users.sudo()
        if user.active and not user.share and user._origin.id != SUPERUSER_ID and (email := email_normalize(user.email))}
    foreign = _foreign_domains(env, {domain_of(email) for email in addresses.values()})
    addresses = {user: email for user, email in addresses.items() if domain_of(email) in foreign}
    if not addresses:
        return {}
    accepted = {(path.company_id.id, domain_of(path.from_email)) for path in env['mail.domain.health.path'].search_fetch(
        [('kind', '=', 'user'), ('is_rewritten', '=', False), ('state', '=', 'pass'),
         ('from_health_id.name', 'in', sorted(foreign))], ['company_id', 'from_email'])}
    asking = Asking(env)
    leaving = {
        user: domain_of(email) for user, email in addresses.items()
        if (user.company_id.id, domain_of(email)) not in accepted and _leaves_as_it_is(asking, user, email)}
    policies = read_policies(
        env, env['mail.domain.health'].search([('name', 'in', sorted(set(leaving.values())))]), set(leaving.values()))
    return {user.with_env(users.env): _notice(users.env, user.name, domain, policies.get(domain, 'unknown'))
            for user, domain in leaving.items()}


def _notice(env, name, domain, policy):
    _title, text, remedy = findings.finding(
        env, CODE, {'domain': to_unicode(domain), 'policy': policy, 'examples': [name]})
    label = env._(texts.POLICIES[_WORDS.get(policy, policy)])
    return Notice(say(env, texts.POLICY_OF, domain=to_unicode(domain), policy=label), text, remedy)


def _foreign_domains(env, names):
    """Return those of ``names`` that are not ours: what was said of them counts more than that anybody has an address there."""
    known = {domain.name: domain.is_foreign for domain in env['mail.domain.health'].with_context(active_test=False).search_fetch(
        [('name', 'in', sorted(names))], ['name', 'is_foreign'])}
    return {name for name in names if known.get(name, name in NOBODYS_DOMAINS)}


def _leaves_as_it_is(asking, user, email):
    """Whether core sends mail of a user under their own address, through servers that are not its provider's."""
    company, owner = user.company_id, user._origin if user._origin in asking.personal.owner_user_id else None
    routes = asking.routes(company, email, email in asking.addresses, alias_domain_of(company), user=owner)
    return any(
        getattr(route, 'from_email', '') == email and not sends_for(sending_service(company, route.server).code, domain_of(email))
        for _moment, route in routes)
