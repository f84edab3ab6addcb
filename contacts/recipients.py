"""What is to be known of the recipients of a mail before it is sent: who cannot be reached, and typing mistakes.

Whether messages *of* a recipient can be passed on is no matter here: the mail that is being written leaves as its author's,
whatever the recipient's domain asks receivers to do with mail that claims to come from it. Of stored values; asks no DNS.
"""

from odoo import fields
from odoo.tools.mail import email_normalize

from ..mailauth.dns.names import domain_of, to_unicode
from ..texts import relaying as texts
from ..texts.filling import say
from . import marks
from .badges import MARKED, read_rows, suggested, with_login
from .exchange import last_exchanges
from .storing import suggestion

MAX_SHOWN = 5  # recipients, of whom something is said one by one
MAX_READ = 1000


def read_notices(partners, emails=()):
    """Return what is to be said of the recipients of a mail, a sentence each; nothing where nothing is, by a handful of queries.

    :param partners: contacts; of those whom the current user may not read nothing is said
    :param emails: of recipients that are no contacts yet, as a person wrote them
    """
    env = partners.env
    readable = env['res.partner'].with_context(active_test=False).search([('id', 'in', partners[:MAX_READ].ids)])
    known = {partner.email_normalized: partner.id for partner in readable if '@' in (partner.email_normalized or '')}
    written = (email_normalize(email, strict=False) for email in list(emails)[:MAX_READ])
    addresses = {**{email: None for email in written if email}, **known}
    rows = read_rows(env, {domain_of(email) for email in addresses})
    meant = {name: row.suggestion for name, row in rows.items() if row.suggestion}
    # The address of somebody new is at a domain that the daily job has not met yet.
    meant |= _new_mistakes(env, {domain_of(email) for email in addresses} - rows.keys())
    logins = with_login(env, [partner for email, partner in addresses.items() if partner and domain_of(email) in meant])
    notices = []
    for email, partner in addresses.items():
        name = domain_of(email)
        said = []
        if name in meant and partner not in logins:
            said.append(say(env, texts.RECIPIENT_MISTYPED, email=email, suggestion=suggested(email, meant[name])))
        row = rows.get(name)
        if row and row.mark == MARKED:
            reason = texts.RECIPIENT_UNREACHABLE.get(row.reception, texts.RECIPIENT_UNREACHABLE[None])
            said.append(say(env, reason, email=email, domain=to_unicode(name)))
        if said:
            notices.append(' '.join(said))
    more = len(notices) - MAX_SHOWN
    return [*notices[:MAX_SHOWN], say(env, texts.RECIPIENTS_MORE, count=more)] if more > 0 else notices


def followers_by_email(record, message_type, subtype_id):
    """Return whom the current user's message on a record goes to by email because they follow it: core is asked."""
    env = record.env
    if 'message_follower_ids' not in record._fields or not record.exists().has_access('read'):
        return env['res.partner']
    told = env['mail.followers'].sudo()._get_recipient_data(record.sudo(), message_type, subtype_id).get(record.id, {})
    return env['res.partner'].browse(
        partner_id for partner_id, one in told.items()
        if partner_id and one['active'] and one['notif'] == 'email') - env.user.partner_id


def _new_mistakes(env, names):
    """Return ``{domain: probably meant}`` of those nobody has looked at, and with which no mail was exchanged."""
    meant = {name: domain for name in names if (domain := suggestion(name))}
    since = fields.Datetime.now() - marks.EXCHANGED_WITHIN
    exchanged = last_exchanges(env, [(name, name, '') for name in meant], since)
    return {name: domain for name, domain in meant.items() if name not in exchanged}
