"""The words about one sending path: how its mail leaves and fares, and its story protocol by protocol."""

from odoo.tools.translate import LazyTranslate

from .filling import Colored, fill, say

_lt = LazyTranslate(__name__)

# Why nothing leaves on a path, by `mail.domain.health.path.refusal`.
REFUSALS = {
    'no_server': _lt("It is not sent: there is no outgoing mail server, and Odoo's configuration file names none."),
    'no_author': _lt("It is not sent: there is no address to send it from."),
    'bad_author': _lt("It is not sent: its sender is not a valid email address."),
    'archived': _lt("It is not sent: the mail server that it names is archived."),
    None: _lt("It is not sent: the mail server that it names is a user's personal one, and nobody else may use it."),
}

# Through what mail leaves; the service is named where the server's name does not tell it.
LEAVES = {
    'service': _lt(
        "It is sent through %(server)s (%(service)s). People see %(from_email)s as its sender, and bounces go to "
        "%(envelope_from)s."),
    None: _lt(
        "It is sent through %(server)s. People see %(from_email)s as its sender, and bounces go to %(envelope_from)s."),
}
REWRITTEN = _lt("Odoo uses this address instead of the author's (%(author)s) and keeps the name.")
NOTHING_TO_PUBLISH = _lt(
    "%(domain)s is not yours, so you cannot publish anything for it: it can only be fixed in Odoo.")

# How mail fares, by `sending.fate.fate`.
FATES = {
    0: _lt("not sent"),
    1: _lt("rejected or filed as spam"),
    2: _lt("arrives, but fragile"),
    3: _lt("accepted"),
    None: _lt("not known yet"),
}

# What the report of a domain says that is somebody else's, by its state.
FOREIGN = {
    'fail': _lt(
        "This is not your domain. Mail that you send from it is being rejected or filed as spam: see under “Sending Paths” "
        "which mail that is, and what to change in Odoo."),
    'warning': _lt(
        "This is not your domain. Mail that you send from it arrives today, but may be rejected tomorrow: see under "
        "“Sending Paths”."),
    'pass': _lt("This is not your domain, and nothing is wrong: the mail that you send from it goes through its own "
                "servers."),
    'unknown': _lt("This is not your domain. It is checked because you send mail from it."),
    'not_needed': _lt("This is not your domain. You have not sent mail from it recently, but could: see under "
                      "“Sending Paths”."),
}

REASSURANCES = {
    'rewritten': _lt(
        "Nothing is wrong with the author's own address (%(author)s): Odoo replaces it with %(from)s and keeps the "
        "name."),
    'provider_own': _lt(
        "Nothing is wrong with %(from)s: this mail is sent through the servers of %(domain)s itself."),
}

# The story of one path, protocol by protocol. What it is about is whether a proof counts for the domain that people see
# (alignment, RFC 9989 §3.2.10), which is said in these words: whoever reads it knows no others.
SPF = {
    'pass': Colored('pass', _lt(
        "%(envelope_domain)s permits %(service)s to send, and belongs to the sender that people see: this permission (SPF) "
        "counts.")),
    'pass.elsewhere': Colored('warning', _lt(
        "%(envelope_domain)s, where bounces go, permits %(service)s to send. But the sender that people see is at "
        "%(from_domain)s, so this permission (SPF) does not count.")),
    'pass.unknown': Colored('unknown', _lt(
        "%(envelope_domain)s permits %(service)s to send. DNS did not say whether that domain and %(from_domain)s "
        "belong together, so we do not know whether this permission (SPF) counts.")),
    'part': Colored('warning', _lt(
        "%(envelope_domain)s permits only some of the IP addresses that mail through %(service)s is sent from: the "
        "permission (SPF) counts for part of this mail.")),
    'fail': Colored('fail', _lt("%(envelope_domain)s does not permit %(service)s to send its mail (SPF).")),
    'none': Colored('fail', _lt(
        "%(envelope_domain)s does not say which servers may send its mail: it has no list of them (SPF record).")),
    'permerror': Colored('fail', _lt(
        "The list of permitted servers (SPF record) of %(envelope_domain)s has an error, so receivers ignore it.")),
    'service': Colored('not_needed', _lt(
        "%(service)s uses its own bounce address, so its permission to send (SPF) does not count for your domain: only the "
        "signature does.")),
    'unknown': Colored('unknown', _lt(
        "We do not know whether %(envelope_domain)s permits the servers that this mail is sent from.")),
}

DKIM = {
    'published': Colored('pass', _lt(
        "The key for signing as %(from_domain)s is published (key: %(selectors)s): the signature (DKIM) counts when the "
        "mail is signed with it.")),
    'partial': Colored('warning', _lt(
        "Some of the keys for signing as %(from_domain)s are missing (keys: %(selectors)s): the signature (DKIM) counts for "
        "part of this mail.")),
    'missing': Colored('fail', _lt(
        "No key for signing as %(from_domain)s is published (expected key: %(selectors)s), so no signature (DKIM) counts.")),
    'unknown': Colored('unknown', _lt(
        "DNS did not say whether the key for signing as %(from_domain)s (DKIM) is published.")),
    'not_known': Colored('unknown', _lt(
        "We do not know whether the mail is signed as %(from_domain)s (DKIM): that depends on the mail service, and DNS "
        "cannot list its keys.")),
}

DMARC = {
    'pass': Colored('pass', _lt("One of the two is enough, so receivers can verify this mail as yours (DMARC passes).")),
    'part': Colored('warning', _lt("Of part of this mail neither counts, so receivers cannot verify that part (DMARC fails).")),
    'fail': Colored('fail', _lt("Neither of the two counts, so receivers cannot verify this mail (DMARC fails).")),
    'unknown': Colored('unknown', _lt(
        "We do not know whether one of the two counts, and so whether receivers can verify this mail (DMARC).")),
}

POLICIES = {
    'reject': _lt("%(policy_domain)s asks receivers to reject mail that they cannot verify."),
    'quarantine': _lt("%(policy_domain)s asks receivers to file mail as spam that they cannot verify."),
    'none': _lt("%(policy_domain)s asks receivers only to monitor such mail."),
    None: _lt("As far as we know, %(policy_domain)s does not ask receivers for anything."),
}

# What the receiver will do: the state of the path, then what its domain asks for.
OUTCOMES = {
    'pass': _lt("Receivers will accept this mail as yours."),
    'not_needed': _lt("Odoo manages this domain: receivers will accept this mail."),
    'warning': _lt("Receivers accept this mail today, but it is one change away from being rejected."),
    'unknown': _lt("We cannot tell yet whether receivers will accept this mail."),
    'not_checked': _lt("Not checked yet."),
    'fail': _lt("Large receivers such as Gmail will reject this mail or file it as spam."),
    'fail.quarantine': _lt("Receivers will file this mail as spam."),
    'fail.reject': _lt("Receivers will reject this mail."),
    'odoo': _lt("Odoo refuses to send this mail."),
    'gate': _lt(
        "Receivers will reject this mail: its domain does not exist, cannot receive mail, or its DNS is broken."),
}


def leaves(env, leaving, ranks):
    """Return as what mail leaves and how it fares, in a few words.

    :param sending.fate.Leaving leaving: ``None`` where core refuses to send it
    :param ranks: :func:`sending.fate.fate` of it
    """
    worst, best = ranks
    words = env._(FATES.get(worst if worst == best else None, FATES[None]))
    return env._("%(address)s: %(fate)s", address=leaving.from_email, fate=words) if leaving else words


def steps(env, verdict, params):
    """Return the story of a path, protocol by protocol: ``[{area, state, sentence}]``.

    :param dict verdict: what the engine answered of it (``mailauth.PathResult.to_dict``)
    :param dict params: ``from_domain``, ``envelope_domain``, ``service``
    """
    spf, dkim, dmarc = verdict['spf'], verdict['dkim'], verdict['dmarc']
    params = {'policy_domain': params['from_domain'], 'selectors': dkim.get('selectors'), **params}
    spf_key = spf['result']
    if spf_key == 'pass' and spf['aligned'] is not True:
        spf_key = 'pass.unknown' if spf['aligned'] is None else 'pass.elsewhere'
    rows = [
        ('spf', SPF.get(spf_key, SPF['unknown'])), ('dkim', DKIM.get(dkim['status'], DKIM['unknown'])),
        ('dmarc', DMARC.get(dmarc['result'], DMARC['unknown'])),
    ]
    told = [{'area': area, 'state': state, 'sentence': fill(env, text, params)} for area, (state, text) in rows]
    told[2]['sentence'] += ' ' + fill(env, POLICIES.get(dmarc['policy'], POLICIES[None]), params)
    return told


def outcome(env, state, verdict, reasons):
    """Return what the receiver will do with mail of a path, in one sentence."""
    if not verdict and state == 'unknown':
        return say(env, OUTCOMES['not_checked'])
    for cause in ('odoo', 'gate'):
        if state == 'fail' and any(reason.startswith(f'{cause}:') for reason in reasons or ()):
            return env._(OUTCOMES[cause])
    policy = verdict['dmarc']['policy'] if verdict else None
    return env._(OUTCOMES.get(f'{state}.{policy}', OUTCOMES[state]))
