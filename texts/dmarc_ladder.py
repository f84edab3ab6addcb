"""What receivers are asked to do with mail that fails, step by step, and what the next step needs."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# From the least to the most that can be asked for (RFC 9989 §4.7).
STEPS = {
    'none': (_lt("Monitor"), _lt("Receivers deliver mail that pretends to be from you, and report it.")),
    'quarantine': (_lt("Quarantine"), _lt("Receivers file mail that pretends to be from you as spam.")),
    'reject': (_lt("Reject"), _lt("Receivers reject mail that pretends to be from you.")),
}

CURRENT = _lt("You are here")
TESTING = _lt("You are here, as a test (t=y)")

# What the next step needs.
NEXT = {
    'unknown': _lt("DNS did not answer, so it is not known where this domain stands."),
    'first': _lt("Receivers are not asked for anything yet. The first step is the record under “To Do”."),
    'missing': _lt("Receivers are not asked for anything yet."),
    'elsewhere': _lt("The record at %(name)s holds for this domain, too. The next step is taken there."),
    'records': _lt("Before the next step, publish the records under “To Do”."),
    'paths': _lt("Before the next step, receivers must be able to verify the mail on each of these sending paths:"),
    'open': _lt("It is not known yet whether all mail from this domain would pass a stricter policy."),
    'done': _lt("There is no further step."),
}
