"""How long what is kept of the past stays."""

from dateutil.relativedelta import relativedelta

from odoo import fields

PARAMETER_RETENTION = 'mail_domain_health.retention_days'
DEFAULT_DAYS = 365
MIN_DAYS, MAX_DAYS = 30, 3650  # how much a sending path is used is counted over 30 days


def get_days(env, at_most=MAX_DAYS):
    """Return how many days of history are kept; a parameter that somebody wrote by hand is brought within its bounds.

    :param int at_most: for which the rows in question are of use
    """
    value = env['ir.config_parameter'].sudo().get_param(PARAMETER_RETENTION)
    try:
        days = int(value or DEFAULT_DAYS)
    except ValueError:
        days = DEFAULT_DAYS
    return min(max(days, MIN_DAYS), MAX_DAYS, at_most)


def get_limit(env, at_most=MAX_DAYS):
    """Return before when rows are removed; ``at_most`` as above."""
    return fields.Datetime.now() - relativedelta(days=get_days(env, at_most))
