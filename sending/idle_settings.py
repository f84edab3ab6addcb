"""Settings about the sender that do nothing: what Odoo does not read any more, what loses, what never matches."""

from collections import namedtuple

from odoo.fields import Domain
from odoo.tools import config
from odoo.tools.mail import email_domain_normalize, email_normalize

from ..mailauth.dns.names import domain_problem
from .legacy_parameters import PARAMETER_DOMAIN, PARAMETER_DYNAMIC, honors, legacy_sender
from .rules import FROM_FILTER

# Read once, when `mail` is installed, and never again.
DEAD_PARAMETERS = ('mail.default.from', 'mail.bounce.alias', 'mail.catchall.alias', PARAMETER_DOMAIN)

# ``why`` is ``dead`` (a parameter that Odoo stopped reading), ``servers`` (loses to outgoing mail servers), ``parameter``
# (to the parameter of the same meaning) or ``alias_domains`` (to the alias domains that all companies have).
IdleSetting = namedtuple('IdleSetting', 'key value why')


def idle_settings(env):
    """Return the :class:`IdleSetting` of every parameter and option that is set and changes nothing.

    Of ``mail.force.smtp.from`` and ``mail.dynamic.smtp.from`` see :func:`legacy_parameters.ignored_parameters`.
    """
    get_param = env['ir.config_parameter'].sudo().get_param
    companies = env['res.company'].sudo().search([('active', '=', True)])
    # mail.dynamic.smtp.from, where it is honored, asks for it in companies without an alias domain.
    counts = honors(env) and legacy_sender(env, PARAMETER_DYNAMIC) \
        and not all(companies.mapped('alias_domain_id'))
    idle = [
        IdleSetting(key, get_param(key), 'dead') for key in DEAD_PARAMETERS
        if get_param(key) and not (key == PARAMETER_DOMAIN and counts)]
    # Core takes one of these where there is any, and asks for the rest only where there is none.
    IrMailServer = env['ir.mail_server'].sudo()
    has_servers = bool(IrMailServer.search_count(
        IrMailServer._find_mail_server_allowed_domain() & Domain('active', '=', True), limit=1))
    parameter, option = get_param(FROM_FILTER), config.get('from_filter')
    if parameter and has_servers:
        idle.append(IdleSetting(FROM_FILTER, parameter, 'servers'))
    if option and (has_servers or parameter):
        idle.append(IdleSetting('from_filter', option, 'servers' if has_servers else 'parameter'))
    if config.get('email_from') and companies and all(
            company.default_from_email and company.bounce_email for company in companies):
        idle.append(IdleSetting('email_from', config['email_from'], 'alias_domains'))
    return idle


def can_match(part):
    """Whether any sender's address can match this part of a filter."""
    if '@' not in part:
        return _is_domain(email_domain_normalize(part) or '')
    local_part, _at, domain = (email_normalize(part) or '').rpartition('@')
    return bool(local_part) and _is_domain(domain)


def _is_domain(domain):
    # One label is a domain inside a network; nobody's address has a final dot.
    return bool(domain) and not domain.endswith('.') and domain_problem(domain) in (None, 'name.single_label')
