"""What becomes of each term of an SPF record, in words: mailauth.spf.outline."""

from odoo.tools.translate import LazyTranslate

from .filling import say

_lt = LazyTranslate(__name__)

# mailauth.spf.NodeOutcome
OUTCOMES = {
    'syntax_error': _lt("Cannot be read: receivers ignore the whole record."),
    'not_reached': _lt("Has no effect where it stands."),
    'void': _lt("Names nothing that exists."),
    'too_many_mx': _lt("Has too many mail servers: receivers stop here."),
    'bad_name': _lt("Is not a name that can be looked up."),
    'varies': _lt("Depends on the email."),
    'no_record': _lt("Has no SPF record: receivers stop here."),
    'several': _lt("Has several SPF records: receivers stop here."),
    'invalid': _lt("Has an SPF record that cannot be read: receivers stop here."),
    'loop': _lt("Leads back to a record that is being read: receivers stop here."),
    'unanswered': _lt("DNS did not answer. What it leads to is not counted."),
    'not_followed': _lt("Was not followed. What it leads to is not counted."),
}

# What `all` says of every other server, by its qualifier.
ALL = {
    '+': _lt("Everybody may send."),
    '?': _lt("Nothing is said about other servers."),
    '~': _lt("Mail from other servers is suspicious."),
    '-': _lt("Other servers may not send."),
}

ADDRESSES = _lt("Addresses: %(count)s.")
NETWORKS = _lt("Networks: %(count)s.")
TOTAL = _lt("Questions to DNS, with all below it: %(count)s.")
LOOKUPS = _lt("Questions to DNS: %(lookups)s of at most %(limit)s.")
LOOKUPS_OPEN = _lt("Questions to DNS: at least %(lookups)s of at most %(limit)s.")
LOOKUPS_OVER = _lt("Receivers ask DNS %(limit)s questions at most. This record takes %(lookups)s.")
LOOKUPS_OVER_OPEN = _lt("Receivers ask DNS %(limit)s questions at most. This record takes at least %(lookups)s.")
STOPPED = _lt("The limit of %(limit)s questions to DNS is passed here: receivers stop, and what follows permits nobody.")
LEFT_OUT = _lt("Further entries that are not shown: %(count)s.")


def result(env, row):
    """Return what becomes of one term, as one or two sentences; empty where that goes without saying."""
    said = []
    if row['outcome'] in OUTCOMES:
        said.append(say(env, OUTCOMES[row['outcome']]))
    elif row.get('qualifier') in ALL:
        said.append(say(env, ALL[row['qualifier']]))
    if row.get('addresses'):
        said.append(say(env, ADDRESSES, count=row['addresses']))
    if row.get('networks'):
        said.append(say(env, NETWORKS, count=row['networks']))
    if row.get('total'):
        said.append(say(env, TOTAL, count=row['total']))
    return ' '.join(said)


def summary(env, tree):
    """Return how many lookups the whole record needs."""
    is_over, is_open = tree['lookups'] > tree['limit'], tree['is_open']
    text = (LOOKUPS_OVER_OPEN if is_open else LOOKUPS_OVER) if is_over else LOOKUPS_OPEN if is_open else LOOKUPS
    return say(env, text, lookups=tree['lookups'], limit=tree['limit'])
