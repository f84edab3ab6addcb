"""More new marks at once than usual: they are held until an administrator has decided what they are."""

from odoo import fields
from odoo.tools import SQL

from ..checking.announcing import schedule_for_all_companies
from . import schedule

ACTIVITY_HELD = 'mail_domain_health.mail_activity_type_marks_held'
PARAMETER_ACCEPTED = 'mail_domain_health.contacts_marks_accepted_on'


def get_accepted_on(env):
    """Return when an administrator last decided that what was held is so: marks are counted anew from then, or ``False``."""
    return fields.Datetime.to_datetime(env['ir.config_parameter'].sudo().get_param(PARAMETER_ACCEPTED))


def count_held(env):
    return env['mail.partner.domain'].sudo().search_count([('mark', '=', 'held')])


def tell(env):
    """Have one activity for each responsible user: so many marks at once are rather a fault of DNS."""
    schedule_for_all_companies(env, lambda env: env._(
        "More domains of contacts than usual seem unable to receive mail. None of them is marked until you decide: "
        "Email Domains > Contacts' Domains."), ACTIVITY_HELD)


def accept(env):
    """Show what was held as marks."""
    env['ir.config_parameter'].sudo().set_param(PARAMETER_ACCEPTED, fields.Datetime.to_string(fields.Datetime.now()))
    env['mail.partner.domain'].sudo().search([('mark', '=', 'held')]).mark = 'marked'
    _forget_activities(env)


def look_again(env):
    """Take what was held for not seen, and have it looked at anew: twice, a day apart."""
    now = fields.Datetime.now()
    env['mail.partner.domain'].flush_model()
    env.cr.execute(SQL(
        """
        UPDATE mail_partner_domain SET mark = 'suspected', marked_on = NULL, unreachable_since = %s,
               next_check = CASE WHEN mailable_count > 0 THEN %s::timestamp END WHERE mark = 'held'
        """, now, schedule.second_look(now)))
    env['mail.partner.domain'].invalidate_model()
    _forget_activities(env)


def forget_if_none_is_held(env):
    """Remove the activities once nothing waits for a decision: the domains may have come back."""
    if not count_held(env):
        _forget_activities(env)


def _forget_activities(env):
    env['mail.activity'].sudo().search([
        ('res_model', '=', 'mail.domain.health'), ('activity_type_id', '=', env.ref(ACTIVITY_HELD).id)]).unlink()
