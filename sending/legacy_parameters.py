"""``mail.force.smtp.from`` and ``mail.dynamic.smtp.from`` as Odoo 12 to 14 obeyed them, where the administrator says so.

Odoo reads neither since 15.0. With *Honor* (:data:`PARAMETER_HONOR`) off, nothing here changes how a mail leaves.
"""

from collections import namedtuple

from odoo.tools import str2bool
from odoo.tools.mail import email_domain_extract, email_normalize_all, email_split_and_format_normalize

from odoo.addons.base.models.ir_mail_server import extract_rfc2822_addresses

from ..mailauth.dns.names import domain_of, to_ascii

PARAMETER_HONOR = 'mail_domain_health.honour_legacy_sender'
PARAMETER_FORCE = 'mail.force.smtp.from'
PARAMETER_DYNAMIC = 'mail.dynamic.smtp.from'
PARAMETER_DOMAIN = 'mail.catchall.domain'

# What people set to steer the sender, from Odoo 12 to 14 and from documentation that still names it.
# Odoo 19 reads none of them once `mail` is installed (mail.alias.domain, _migrate_icp_to_domain).
LEGACY_PARAMETERS = (
    PARAMETER_DOMAIN,
    PARAMETER_FORCE,
    PARAMETER_DYNAMIC,
    'mail.default.from',
    'mail.bounce.alias',
    'mail.catchall.alias',
)

# What a context carries once it is decided as what a mail leaves: an address, or False for core's own choice.
# No client can put one into a context: JSON knows no such object.
Decision = namedtuple('Decision', 'sender')
CONTEXT_DECISION = 'mail_domain_health_sender'

# What a context carries while a change is tried out: mail.default.from_filter, and whether Honor is on. The real
# parameters are cached for all threads, so a trial must not touch them.
Trial = namedtuple('Trial', 'from_filter honors')
CONTEXT_TRIAL = 'mail_domain_health_sender_trial'


class SessionOf:
    """An SMTP session that was opened as one sender, seen with another one."""

    def __init__(self, session, smtp_from):
        self._session = session
        self.smtp_from = smtp_from

    def __getattr__(self, name):
        return getattr(self._session, name)


def legacy_sender(env, key):
    """Return the address that a legacy parameter names, or ``False`` where it is not one address."""
    return sender_address(env['ir.config_parameter'].sudo().get_param(key))


def honors(env):
    """Whether the administrator asked for the legacy parameters to be obeyed."""
    trial = env.context.get(CONTEXT_TRIAL)
    if isinstance(trial, Trial):
        return trial.honors
    # A person who writes “False” among the system parameters means it.
    return str2bool(env['ir.config_parameter'].sudo().get_param(PARAMETER_HONOR) or 'False', False)


def own_email_domain(env, alias_domain=None):
    """Return the domain that counts as the company's own where a mail leaves, or ``''``.

    That is the alias domain of the mail's record, else of the company; the
    parameter ``mail.catchall.domain`` counts only where there is none.
    """
    alias_domain = alias_domain or env.company.sudo().alias_domain_id
    return domain_of(alias_domain.name or env['ir.config_parameter'].sudo().get_param(PARAMETER_DOMAIN))


def honored_sender(env, email_from, alias_domain=None, mail_server=None):
    """Return the address that a mail leaves as because of the legacy parameters.

    :param str email_from: the author, as in ``mail.mail.email_from``; may be empty
    :param alias_domain: the ``mail.alias.domain`` of the mail's record (default: the company's)
    :param mail_server: the ``ir.mail_server`` that the mail names itself, if it does
    :return: ``False`` where they do not change how it leaves
    """
    if not honors(env) or mail_server and mail_server.sudo().owner_user_id:
        return False  # core lets nobody but its owner leave through a personal server
    if force := legacy_sender(env, PARAMETER_FORCE):
        return force
    dynamic = legacy_sender(env, PARAMETER_DYNAMIC)
    own_domain = dynamic and own_email_domain(env, alias_domain)
    if not own_domain:
        return False
    alias_domain = alias_domain or env.company.sudo().alias_domain_id
    # what _build_email__ writes where there is no author
    email_from = email_from or alias_domain.default_from_email or env['ir.mail_server']._get_default_from_address()
    return dynamic if _domain_of_author(email_from) != own_domain else False


def decided_sender(env, email_from, mail_server=None):
    """Return what was decided for the mail at hand; decide by its author where nothing was (direct callers)."""
    if not honors(env):
        return False
    decision = env.context.get(CONTEXT_DECISION)
    if isinstance(decision, Decision):
        return decision.sender
    return honored_sender(env, email_from, mail_server=mail_server)


def by_decision(mails):
    """Return ``{Decision: mails}``: which of these ``mail.mail`` leave as which address, each decided once."""
    decided = {}
    for mail in mails:
        sender = honored_sender(mail.env, mail.email_from, mail.sudo().record_alias_domain_id, mail.mail_server_id)
        decided.setdefault(Decision(sender), []).append(mail.id)
    return {decision: mails.browse(ids) for decision, ids in decided.items()}


def ignored_parameters(env):
    """Return the legacy parameters that name a sender and are not honored, as ``("key = value", ...)``."""
    if honors(env):
        return ()
    get_param = env['ir.config_parameter'].sudo().get_param
    return tuple(f'{key} = {value}' for key in (PARAMETER_FORCE, PARAMETER_DYNAMIC) if (value := get_param(key)))


def sender_address(text):
    """Return the one address in ``text``, in the form that may stand in an envelope, or ``False``."""
    addresses = email_normalize_all(text or '')
    address = addresses[0] if len(addresses) == 1 else ''
    # core sends nothing whose envelope is not plain ASCII
    local_part, _at, host = address.rpartition('@')
    return address if local_part.isascii() and to_ascii(host) and extract_rfc2822_addresses(address) else False


def _domain_of_author(email_from):
    formatted = email_split_and_format_normalize(email_from or '')
    return domain_of(email_domain_extract(formatted[0])) if formatted else ''
