"""Who sends without anybody writing: the mail gateway, apps that send as catchall@, code, the digest."""

import re

from odoo.tools.mail import email_normalize

from .authors import MAX_EXAMPLES, MAX_SENDERS, Author

# Apps that send as the company's catchall address: livechat transcripts, mail groups, courses, event proposals.
CATCHALL_MODELS = ('im_livechat.channel', 'mail.group', 'slide.channel', 'event.track')
_ADDRESS = re.compile(r"""[^\s"'<>@,;:()\[\]{}]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+""")


def gateway_authors(env, company):
    """Return what answers to incoming mail are sent as (``_routing_create_bounce_email``)."""
    email = company.sudo().bounce_email or env.ref('base.user_root').sudo().email_normalized
    return [Author('gateway', email, 1, ("MAILER-DAEMON",), True)] if email else []


def catchall_authors(env, company):
    """Return the catchall address, where an app sends as it or the company has no address of its own."""
    company = company.sudo()
    if not company.catchall_email or company.email and not any(model in env for model in CATCHALL_MODELS):
        return []
    return [Author('catchall', company.catchall_email, 1, (company.name,), True)]


def digest_authors(env, company):
    """Return what the digest of a company is sent as, if it has one."""
    if 'digest.digest' not in env:
        return []
    digests = env['digest.digest'].sudo().search([('company_id', '=', company.id), ('state', '=', 'activated')])
    email = email_normalize(company.sudo().partner_id.email_formatted)
    return [Author('digest', email, len(digests), tuple(digests[:MAX_EXAMPLES].mapped('name')), True)] \
        if digests and email else []


def read_code_authors(env):
    """Return the fixed senders that server actions, those of scheduled jobs included, give in their code.

    Only what is written there as an address; what code works out is seen when it leaves.
    """
    actions_by_sender = {}
    Action = env['ir.actions.server'].sudo()
    for action in Action.search([
        ('state', '=', 'code'), '|', ('code', 'ilike', 'email_from'), ('code', 'ilike', 'send_email')], order='id'):
        for sender in senders_in(action.code):
            actions_by_sender[sender] = actions_by_sender.get(sender, Action) | action
    return [
        Author('code', sender, len(actions), tuple(actions[:MAX_EXAMPLES].mapped('name')), True, tuple(actions.ids))
        for sender, actions in list(actions_by_sender.items())[:MAX_SENDERS]]


def senders_in(code):
    """Return the addresses that stand in code as a sender, in order: on a line with ``email_from`` or ``From``."""
    senders = {}
    for line in (code or '').splitlines():
        before, key, after = line.partition('email_from')
        if not key and re.search(r"""['"]From['"]|send_email|_build_email__""", line):
            after = line
        if not before.lstrip().startswith('#') and (found := _ADDRESS.search(after)):
            senders[email_normalize(found[0])] = None
    return [sender for sender in senders if sender]
