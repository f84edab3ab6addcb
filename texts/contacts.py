"""What is said of the domains of contacts."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# By mailauth's PolicyInForce: what receivers do with mail that only claims to come from a domain.
POLICIES = {
    'none': _lt("No policy"),
    'monitor': _lt("Monitoring only"),
    'quarantine': _lt("File as spam"),
    'reject': _lt("Reject"),
    'unknown': _lt("Unknown"),
}

# By mailauth's Reception: whether mail to a domain can arrive.
RECEPTIONS = {
    'ok': _lt("Receives mail"),
    'null_mx': _lt("Declares that it accepts no mail"),
    'no_host': _lt("No mail server"),
    'no_domain': _lt("Domain does not exist"),
    'dangling': _lt("Mail servers without an address"),
    'not_public': _lt("Mail servers that the Internet cannot reach"),
    'not_a_domain': _lt("Not a domain"),
    'unknown': _lt("Unknown"),
}

# By mailauth's SpfDefault: what a domain says of servers that it does not name.
SPF_DEFAULTS = {
    'none': _lt("No record"),
    'fail': _lt("Refuse"),
    'softfail': _lt("Doubtful"),
    'neutral': _lt("No statement"),
    'pass': _lt("Accept"),
    'invalid': _lt("Invalid record"),
    'unknown': _lt("Unknown"),
}

MARKS = {
    'suspected': _lt("To be confirmed"),
    'marked': _lt("Cannot receive mail"),
    'held': _lt("Waiting for your decision"),
}


def selection(env, labels):
    return [(word, env._(label)) for word, label in labels.items()]
