"""The words about one sending path: how its mail leaves and fares, and its story protocol by protocol."""

from odoo.tools.translate import LazyTranslate

from .filling import fill

_lt = LazyTranslate(__name__)

# Why nothing leaves on a path, by `mail.domain.health.path.refusal`.
REFUSALS = {
    'no_server': _lt("It does not leave: there is no outgoing mail server, and Odoo's configuration file names none."),
    'no_author': _lt("It does not leave: there is no address that it could leave as."),
    'bad_author': _lt("It does not leave: Odoo cannot read its sender as an email address."),
    'archived': _lt("It does not leave: the mail server that it names is archived."),
    None: _lt("It does not leave: the mail server that it names is a user's own, and nobody else may use it."),
}

# Through what mail leaves; the service is named where the server's name does not tell it.
LEAVES = {
    'service': _lt(
        "It leaves through %(server)s (%(service)s). People see %(from_email)s as its sender, and undeliverable "
        "mail comes back to %(envelope_from)s."),
    None: _lt(
        "It leaves through %(server)s. People see %(from_email)s as its sender, and undeliverable mail comes back "
        "to %(envelope_from)s."),
}
REWRITTEN = _lt("Odoo puts this address in place of the author's (%(author)s) and keeps the name.")
NOTHING_TO_PUBLISH = _lt(
    "%(domain)s is not yours, so there is nothing that you could publish for it: what can be done is done "
    "in Odoo.")

# How mail fares, by `sending.fate.fate`.
FATES = {
    0: _lt("does not leave"),
    1: _lt("refused or filed as spam"),
    2: _lt("arrives, but fragile"),
    3: _lt("believed"),
    None: _lt("not known yet"),
}

# What the report of a domain says that is somebody else's, by its state.
FOREIGN = {
    'fail': _lt(
        "This is not your domain. Mail of yours that leaves as it is being refused or filed as spam: see under “Who "
        "Uses It” which mail that is, and what to change in Odoo."),
    'warning': _lt(
        "This is not your domain. Mail of yours that leaves as it arrives today, but may be refused tomorrow: see "
        "under “Who Uses It”."),
    'pass': _lt("This is not your domain, and nothing is wrong: mail of yours that leaves as it goes through its own servers."),
    'unknown': _lt("This is not your domain. It is looked at because mail of yours leaves as it."),
    'not_needed': _lt("This is not your domain. No mail of yours left as it lately, but some could: see under “Who Uses It”."),
}

REASSURANCES = {
    'rewritten': _lt(
        "Nothing is wrong with the author's own address (%(author)s): Odoo replaces it by %(from)s and keeps the "
        "name."),
    'provider_own': _lt(
        "Nothing is wrong with %(from)s: this mail leaves through the servers of %(domain)s itself."),
}

# The story of one path, protocol by protocol: (state, sentence).
SPF = {
    'pass': ('pass', _lt(
        "%(envelope_domain)s permits %(service)s to send, and that is the sender's own domain: SPF is aligned.")),
    'pass.elsewhere': ('warning', _lt(
        "%(envelope_domain)s, where undeliverable mail comes back to, permits %(service)s to send. But the sender "
        "that people see is at %(from_domain)s: SPF is not aligned and does not count.")),
    'pass.unknown': ('unknown', _lt(
        "%(envelope_domain)s permits %(service)s to send. Whether that domain and %(from_domain)s belong together, "
        "DNS did not say.")),
    'part': ('warning', _lt(
        "%(envelope_domain)s permits some of the addresses that mail through %(service)s leaves from, and not all: SPF is "
        "aligned for part of this mail.")),
    'fail': ('fail', _lt("%(envelope_domain)s does not permit %(service)s to send its mail: SPF is not aligned.")),
    'none': ('fail', _lt(
        "%(envelope_domain)s tells nobody which servers may send its mail (it has no SPF record): SPF is not "
        "aligned.")),
    'permerror': ('fail', _lt(
        "The SPF record of %(envelope_domain)s has an error, so receivers ignore it: SPF is not aligned.")),
    'service': ('not_needed', _lt(
        "Through %(service)s undeliverable mail comes back to an address of the service's own: SPF is not aligned, and only "
        "the signature counts.")),
    'unknown': ('unknown', _lt(
        "Whether %(envelope_domain)s permits the servers that this mail leaves from is not known.")),
}

DKIM = {
    'published': ('pass', _lt(
        "The key for a signature as %(from_domain)s is published (%(selectors)s): DKIM is aligned when the mail is "
        "signed with it.")),
    'partial': ('warning', _lt(
        "Some of the keys for a signature as %(from_domain)s are missing (%(selectors)s): DKIM is aligned for part of "
        "this mail.")),
    'missing': ('fail', _lt(
        "No key for a signature as %(from_domain)s is published (%(selectors)s): DKIM is not aligned.")),
    'unknown': ('unknown', _lt(
        "DNS did not say whether the key for a signature as %(from_domain)s is published.")),
    'not_known': ('unknown', _lt(
        "Whether the mail is signed as %(from_domain)s is not known: that depends on the mail service, and DNS cannot "
        "list its keys.")),
}

DMARC = {
    'pass': ('pass', _lt("One of the two speaks for %(from_domain)s, so DMARC passes.")),
    'part': ('warning', _lt("For part of this mail neither speaks for %(from_domain)s: there DMARC fails.")),
    'fail': ('fail', _lt("Neither of the two speaks for %(from_domain)s, so DMARC fails.")),
    'unknown': ('unknown', _lt("Whether one of the two speaks for %(from_domain)s is not known, so DMARC may fail.")),
}

POLICIES = {
    'reject': _lt("%(policy_domain)s asks receivers to refuse mail where it fails."),
    'quarantine': _lt("%(policy_domain)s asks receivers to file mail as spam where it fails."),
    'none': _lt("%(policy_domain)s asks receivers only to watch."),
    None: _lt("As far as we know %(policy_domain)s asks receivers for nothing."),
}

# What the receiver will do: the state of the path, then what its domain asks for.
OUTCOMES = {
    'pass': _lt("Receivers will accept this mail as yours."),
    'not_needed': _lt("Odoo takes care of this domain: receivers will accept this mail."),
    'warning': _lt("Receivers accept this mail today, but it is one change away from being refused."),
    'unknown': _lt("Whether receivers will accept this mail we cannot tell yet."),
    'not_checked': _lt("Not checked yet."),
    'fail': _lt("Large receivers such as Gmail will refuse this mail or file it as spam."),
    'fail.quarantine': _lt("Receivers will file this mail as spam."),
    'fail.reject': _lt("Receivers will refuse this mail."),
    'odoo': _lt("Odoo refuses to send this mail."),
    'gate': _lt(
        "Receivers will refuse this mail: its domain does not exist, can take no mail, or its DNS is broken."),
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
        return env._(OUTCOMES['not_checked'])
    for cause in ('odoo', 'gate'):
        if state == 'fail' and any(reason.startswith(f'{cause}:') for reason in reasons or ()):
            return env._(OUTCOMES[cause])
    policy = verdict['dmarc']['policy'] if verdict else None
    return env._(OUTCOMES.get(f'{state}.{policy}', OUTCOMES[state]))
