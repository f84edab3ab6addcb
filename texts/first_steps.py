"""The first thing to do about a domain, in one sentence."""

from odoo.tools.translate import LazyTranslate

from .filling import fill

_lt = LazyTranslate(__name__)

STEPS = {
    'create': _lt("Publish the %(type)s record at %(name)s."),
    'replace': _lt("Replace the %(type)s record at %(name)s."),
    'delete': _lt("Delete a %(type)s record at %(name)s."),
    'sender_unknown': _lt("Choose in Settings who delivers your mail, or check a received email."),
    'unanswered': _lt("Wait: DNS did not answer, and is asked again automatically."),
    'not_checked': _lt("Check this domain for the first time."),
}


def first_step(env, change):
    """Return what to do about the first record to change (checking.overview_columns)."""
    return fill(env, STEPS[change['action']], change)
