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

POLICY_OF = _lt("Policy of %(domain)s: %(policy)s")  # on the form of a user

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


REQUEST = _lt(
    "Domains that your contacts have addresses at: %(domains)s. To tell which of them cannot receive mail, and whose mail cannot "
    "be passed on, Odoo asks DNS about each of them: up to %(questions)s questions, %(rate)s a second, in about %(time)s, and "
    "again every few weeks.")
LEAVES = _lt(
    "What leaves this server are the names of these domains, and nothing else about your contacts. They are sent to the name "
    "servers in use (%(servers)s) and, where a domain seems unreachable, to its own.")
NO_SERVERS = _lt("none is configured")
DECLINED = _lt("Not now, said %(user)s on %(date)s.")
AGREED = _lt("Agreed to by %(user)s on %(date)s.")
PROGRESS = _lt("Domains of contacts that are checked: %(done)s of %(domains)s.")
CHECKED = _lt("All domains of contacts are checked: %(domains)s.")
PAUSED = _lt("The name servers in use do not answer. They are asked again on %(time)s.")
HELD = _lt(
    "More domains at once than usual seem unable to receive mail, which may be a fault of the name servers in use. Look at some "
    "of them. Nothing is shown on contacts until you decide. Waiting for that: %(held)s.")


# On the card in Settings: how messages of contacts fare that a company passes on.
VERDICTS = {'safe': _lt("Safe"), 'in_odoo': _lt("Safe in Odoo"), 'fragile': _lt("Fragile"), 'unsafe': _lt("Unsafe")}
FACTS = {
    'contacts': _lt("Contacts"),
    'domains': _lt("Domains"),
    'mails': _lt("Emails forwarded in 30 days"),
    'refused': _lt("Rejected"),
}
SAFE = _lt(
    "When contacts write, Odoo forwards their messages from %(address)s and keeps their names. It does not matter what their "
    "domains ask receivers to do.")
SAFE_REPLACED = _lt(
    "When contacts write, your mail server sends their messages from its own account. It does not matter what their domains "
    "ask receivers to do.")
NOT_KNOWN = _lt(
    "When contacts write, Odoo forwards their messages from their own addresses. So far, no contact is known whose domain "
    "makes receivers reject that.")
