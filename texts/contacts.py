"""What is said of the domains of contacts."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# The DMARC policy in force for mail from a domain.
POLICIES = {
    'missing': _lt("No policy"),
    'none': _lt("Monitoring only"),
    'quarantine': _lt("File as spam"),
    'reject': _lt("Reject"),
    'unknown': _lt("Unknown"),
}

# Whether mail to a domain can be delivered.
RECEPTIONS = {
    'ok': _lt("Receives mail"),
    'null_mx': _lt("Declares that it accepts no mail"),
    'no_host': _lt("No mail server"),
    'no_domain': _lt("Domain does not exist"),
    'dangling': _lt("Mail servers without an address"),
    'not_public': _lt("Mail servers that the Internet cannot reach"),
    'unknown': _lt("Unknown"),
}

MARKS = {
    'suspected': _lt("To be confirmed"),
    'marked': _lt("Cannot receive mail"),
    'held': _lt("Waiting for your decision"),
}


def selection(env, labels):
    return [(word, env._(label)) for word, label in labels.items()]
