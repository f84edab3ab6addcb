"""What people do about what was noticed and announced: mute a finding, say that they are on it, and take both back.

Each of it is noted in the domain's history, with who and when, and followed by what :data:`announcement.RULES` say.
"""

from odoo import fields
from odoo.exceptions import UserError

from . import announcement, announcing, mutes, own_findings
from .days import start_of

NOT_ACKNOWLEDGED = {
    'acknowledged_on': False, 'acknowledged_by_id': False, 'acknowledged_until': False, 'acknowledged_reason': False}


def get_until(env, date):
    """Return the moment when a day that a person chose begins where they are.

    :raises UserError: where no day was chosen, or one that has begun
    """
    if not date or date <= fields.Date.context_today(env.user):
        raise UserError(env._("Until when? Choose a day from tomorrow on."))
    return start_of(env, date)


def get_ends(domain, now):
    """Return the moments to come at which something is told of again that is broken still then, as somebody chose them."""
    ends = [domain.acknowledged_until, *domain.finding_ids.mapped('muted_until')]
    return [end for end in ends if end and end > now]


def mute(findings, until, reason):
    """Keep findings quiet until a moment or, where there is none, until they change or are resolved."""
    findings.check_access('write')
    findings = findings.filtered(lambda finding: not finding.resolved_on)
    findings.sudo().write({
        'muted_on': fields.Datetime.now(), 'muted_by_id': findings.env.uid, 'muted_until': until, 'mute_reason': reason})
    mutes.note(findings, 'muted', until=until, reason=reason)
    own_findings.hush(findings.sudo())
    _follow(findings)
    return findings


def unmute(findings):
    """Take mutes back."""
    findings.check_access('write')
    findings = findings.filtered('is_muted')
    own_findings.remind(findings.sudo())
    findings.sudo().write(mutes.NOT_MUTED)
    mutes.note(findings, 'unmuted')
    _follow(findings)
    return findings


def acknowledge(domains, until, reason):
    """Take the activity away from domains that broke, until a moment or, where there is none, until they are whole.

    :return: the domains that this concerns
    :raises UserError: where it concerns none
    """
    domains.check_access('write')
    told = domains.sudo().filtered(lambda domain: announcement.has(domain.announced or {}, announcement.BROKEN)
                                   or domain.acknowledged_on)
    if not told:
        raise UserError(domains.env._("Nothing is broken here that anybody was told of."))
    for domain in told:
        _act(domain, announcement.ACKNOWLEDGE, {
            'acknowledged_on': fields.Datetime.now(), 'acknowledged_by_id': domains.env.uid, 'acknowledged_until': until,
            'acknowledged_reason': reason})
        _look_by_then(domain)
        _note(domain, 'acknowledged', until=until, reason=reason)
    return told.with_env(domains.env)


def withdraw(domains):
    """Take back that somebody is on it: what is broken has its activity again. Return the domains that this concerns."""
    domains.check_access('write')
    acknowledged = domains.sudo().filtered('acknowledged_on')
    for domain in acknowledged:
        _act(domain, announcement.REMIND, NOT_ACKNOWLEDGED)
        _note(domain, 'withdrawn')
    return acknowledged.with_env(domains.env)


def get_rest(domain, announced):
    """Return what is to be written where nothing is left of what somebody was on: it is whole, worse, or their date passed."""
    ended = domain.acknowledged_on and not announcement.has(announced, announcement.ACKNOWLEDGED)
    return NOT_ACKNOWLEDGED if ended else {}


def _act(domain, what, values):
    was_broken = announcement.is_broken(domain.announced or {})
    announced, events = announcement.act(domain.announced or {}, what)
    domain.write({**values, 'announced': announced})
    announcing.announce(domain, events, was_broken)


def _look_by_then(domain):
    """Have a domain looked at when somebody wanted to be told again, at the latest."""
    ends = get_ends(domain, fields.Datetime.now())
    if ends and domain.next_check and domain.next_check > min(ends):
        domain.next_check = min(ends)


def _follow(findings):
    """Have the domains of findings announced as their mutes are now."""
    for domain in findings.sudo().domain_id:
        _look_by_then(domain)
        announced, events = announcing.follow_mutes(domain)
        if events:
            was_broken = announcement.is_broken(domain.announced)
            domain.write({'announced': announced, **get_rest(domain, announced)})
            announcing.announce(domain, events, was_broken)


def _note(domain, kind, **values):
    domain.env['mail.domain.health.event'].create({
        'domain_id': domain.id, 'kind': kind, 'user_id': domain.env.uid, **values})
