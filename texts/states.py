"""What states and areas are called."""

from odoo.tools.translate import LazyTranslate

from ..mailauth.verdict import State
from . import rejections, reported

_lt = LazyTranslate(__name__)

STATES = {
    'pass': _lt("OK"),
    'warning': _lt("Works, but fragile"),
    'fail': _lt("Rejected or filed as spam"),
    'unknown': _lt("Unknown"),
    'not_needed': _lt("Nothing to publish"),
}

STATES_WORST_FIRST = tuple(state.value for state in reversed(State))

AREAS = {
    'gate': _lt("Domain"),
    'spf': _lt("Permission to send (SPF)"),
    'dkim': _lt("Signature (DKIM)"),
    'dmarc': _lt("Instructions to receivers (DMARC)"),
}

# What else is published, and told when it changes.
_RECORDS = {
    'mx': _lt("Incoming mail (MX)"),
    'ns': _lt("Name servers (NS)"),
}

# The same where there is room for a word.
AREAS_SHORT = {
    'spf': _lt("Permission"),
    'dkim': _lt("Signature"),
    'dmarc': _lt("Instructions"),
}


def state_label(env, state):
    return env._(STATES[state])


def area_title(env, area):
    return env._(AREAS.get(area) or _RECORDS.get(area) or reported.AREAS.get(area) or rejections.AREAS[area])
