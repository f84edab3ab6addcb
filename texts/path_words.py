"""Who sends on a path, in words."""

from odoo.tools.translate import LazyTranslate

from .filling import say

_lt = LazyTranslate(__name__)

WHO = {
    'notifications': _lt("Notifications from %(company)s"),
    'user': _lt("Users of %(company)s with addresses at %(domain)s (%(count)s)"),
    'user_exact': _lt("%(names)s of %(company)s (%(email)s)"),
    'user_personal': _lt("%(names)s of %(company)s (%(email)s), through their own mail server"),
    'company': _lt("%(company)s itself (%(email)s)"),
    'odoobot': _lt("OdooBot, for %(company)s (%(email)s)"),
    'outsider': _lt("External senders whose messages %(company)s forwards to followers (such as %(email)s)"),
    'template_exact': _lt("Email templates of %(company)s sent from %(email)s (%(names)s)"),
    'template': _lt("Email templates of %(company)s, sent from people's addresses at %(domain)s (%(names)s)"),
    'mailing_exact': _lt("Mass mailings of %(company)s sent from %(email)s (%(count)s)"),
    'unforeseen': _lt("Unexpected emails of %(company)s sent from %(email)s (%(count)s)"),
    'customer': _lt("Email templates of %(company)s sent as the customer, such as %(email)s (%(names)s)"),
    'gateway': _lt("Replies of Odoo's mail gateway, such as to mail that it cannot assign (%(email)s)"),
    'catchall': _lt("Apps of %(company)s that send from its catchall address (%(email)s)"),
    'digest': _lt("Digests of %(company)s (%(email)s), sent by the queue in another company's name"),
    'code': _lt("Server actions whose code sends from %(email)s (%(names)s)"),
    'organizer': _lt("Events of %(company)s with an external organizer: their emails are sent from %(email)s "
                     "(%(names)s)"),
    'portal': _lt("Portal users of %(company)s who comment, with addresses at %(domain)s (%(count)s)"),
    'mailing': _lt("New mass mailings of %(company)s, sent from people's addresses at %(domain)s"),
}
FORCED = _lt("%(who)s, through the mail server that they name")
NOW = _lt("%(who)s, when sent immediately")
QUEUE = _lt("%(who)s, when sent by the queue")


def server(record):
    """Return the name of the mail server of a path, or of a proof on it."""
    return record.mail_server_id.name or record.smtp_host or record.env._("the server of Odoo's configuration file")


def who(path):
    """Return who sends on a path: "Users of Ours with addresses at ours.example (12)"."""
    env = path.env
    names = ', '.join(path.examples or ())
    hidden = path.author_count - len(path.examples or ())
    if names and hidden > 0:
        names = env._("%(names)s and %(count)s more", names=names, count=hidden)
    key = path.kind
    if path.is_exact and path.kind == 'user':
        key = 'user_personal' if path.mail_server_id.sudo().owner_user_id else 'user_exact'
    elif path.is_exact and f'{key}_exact' in WHO:
        key = f'{key}_exact'
    is_unforeseen = key == 'unforeseen'
    text = say(env, WHO[key], company=path.company_id.name, domain=path.author_domain,
                 email=path.from_email if is_unforeseen else path.author_email,
                 count=path.sent_count if is_unforeseen else path.author_count, names=names or path.author_count)
    if path.is_forced:
        text = say(env, FORCED, who=text)
    if path.moment in ('now', 'queue'):
        text = say(env, NOW if path.moment == 'now' else QUEUE, who=text)
    return text

