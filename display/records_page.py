"""The records to publish, for whoever runs the DNS: the table of the letter, and the page without a login."""

from markupsafe import Markup

from odoo import fields
from odoo.tools import format_date, format_datetime

from ..checking import proposals
from ..texts import publication as texts
from ..texts.filling import say
from . import fix_it


def get_rows(domain):
    """Return the records that the domain's mail needs, as the last looks left them; asks no DNS."""
    return [_get_row(domain.env, row) for row in fix_it.get_rows(domain)]


def get_open_rows(domain):
    """Return those of them that are not there yet."""
    return [row for row in get_rows(domain) if row['state'] not in fix_it.DONE]


def get_page(link):
    """Return what the page of a link shows, or ``None`` where it has ended."""
    if not link._is_open():
        return None
    env, domain = link.env, link.domain_id
    report = domain._get_report()
    is_done = bool(report) and proposals.is_done(domain, report)
    if link.done_on and not is_done:
        return None
    looks = env['mail.domain.health.record'].search([('domain_id', '=', domain.id)]).mapped('looked_on')
    looked_on = max(filter(None, [domain.last_check, *looks]), default=None)
    return {
        'why': None,
        'title': env._("DNS records for %s", domain.display_name),
        'heading': env._("DNS records for %s", Markup('<span class="domain" dir="ltr">%s</span>') % domain.display_name),
        'request': env._(
            "Please change the DNS of %s as follows, so that receivers can verify the mail that is sent from it. Leave all "
            "other records as they are.", Markup('<strong dir="ltr">%s</strong>') % domain.display_name),
        'is_done': is_done,
        'rows': [] if is_done else get_rows(domain),
        'looked_on': looked_on and env._(
            "DNS was last looked at on %s. Opening this page does not look again.", _time(env, looked_on)),
        'expires_on': env._(
            "This link works until %s.", format_date(env, fields.Date.to_date(link.expires_on), date_format='long')),
    }


def render_letter(domain):
    """Return the table of the records as the letter has it, in the language of ``domain.env``."""
    values = {'rows': get_open_rows(domain)}
    return domain.env['ir.qweb']._render('mail_domain_health.letter_records', values, minimal_qcontext=True)


def _time(env, moment):
    text = env._("%s UTC", format_datetime(env, moment, tz='UTC', dt_format='medium'))
    return Markup('<time datetime="%s">%s</time>') % (f'{moment.isoformat(timespec="seconds")}Z', text)


def _get_row(env, row):
    shown = ('key', 'action', 'type', 'host', 'name', 'value', 'old_value', 'ttl', 'drops', 'state', 'sentence', 'seen')
    return {**{name: row[name] for name in shown}, 'heading': say(env, texts.ACTIONS[row['action']])}
