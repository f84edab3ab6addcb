"""What receivers are asked to do with mail that fails, step by step, and what the next step needs."""

from odoo.tools.misc import formatLang
from odoo.tools.translate import LazyTranslate

from .filling import number, say

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

# Why a change takes a step further, rather than something else.
FURTHER = ('dmarc.next_quarantine', 'dmarc.next_quarantine_blind', 'dmarc.next_reject', 'dmarc.next_reject_blind')
TRIAL = _lt(
    "You may take it as a test first (t=y): receivers that know this act one step less strictly, and report as before. Older "
    "ones ignore it and act in full, so it is only offered now that the reports carry the step without it.")

# What the reports of 30 days say about the next step.
VERDICTS = {
    'ready': _lt("The reports of receivers carry the next step."),
    'decide': _lt("Too little mail of yours was reported to tell: you decide."),
    'wait': _lt("The reports of receivers do not carry the next step yet:"),
    'ask': _lt(
        "The reports carry the next step. One thing no report tells: do people write from this domain, to mailing lists too?"),
    'last': _lt(
        "People write from this domain to mailing lists, which change what they pass on. Where receivers reject such mail, lists "
        "remove the readers who have it rejected, so “Quarantine” is the last step for this domain."),
}
CONDITIONS = {
    'days': _lt(
        "Days at this step since reports come in: %(days)s of 30. Days that reports cover: %(reported)s. "
        "At least 16 are needed, some of them in each week."),
    'receivers': _lt("Large receivers that reported: %(receivers)s. At least 3 are needed."),
    'volume': _lt("Emails of yours in 30 days: %(messages)s. At least 500 tell enough."),
    'signed': _lt("Of them %(share)s %% carry your signature (DKIM). 99.5 %% are needed."),
    'signed_by': _lt("Of them %(share)s %% carry your signature (DKIM). 99.5 %% are needed; without it was mail from %(names)s."),
    'decided': _lt("All that could not be verified is sorted out."),
    'undecided': _lt("Under “What Receivers Report”, say whether these are yours: %(names)s."),
}
REFUSED_NONE = _lt("Emails of yours that would have been lost, had the step been taken 30 days ago: none of %(own)s.")
REFUSED = _lt(
    "Emails of yours that would have been lost, had the step been taken 30 days ago: %(refused)s of %(own)s, all from %(names)s.")
STOPPED = _lt("Emails of others who sent as you that would have been stopped: %(stopped)s.")
INDIRECT = _lt(
    "Emails that others sent on and that could not be verified any more: %(indirect)s. Some receivers would stop these, too.")


def condition(env, found, names):
    """Return a condition of the next step as a sentence.

    :param found: ``receiving.ladder.Condition``
    :param list names: of the sources that it is about
    """
    params, code = found.params, found.code
    if code == 'signed' and not found.is_met and names:
        code = 'signed_by'
    if code == 'decided' and not found.is_met:
        code = 'undecided'
    share = int(1000 * params['signed'] / params['messages']) / 10 if params.get('messages') and 'signed' in params else 0
    return say(
        env, CONDITIONS[code], days=str(params.get('days')), reported=str(params.get('reported')),
        receivers=str(params.get('receivers')), names=names,
        messages=number(env, params.get('messages') or 0), share=formatLang(env, share, digits=1))


def more(env, count):
    """Return, as the end of a list of names, that there are more of them; nothing where there are not."""
    return [env._("%(count)s more", count=number(env, count))] if count > 0 else []


def notes(env, assessment, names):
    """Return what the step would have done."""
    said = [say(
        env, REFUSED if assessment.refused else REFUSED_NONE, refused=number(env, assessment.refused),
        own=number(env, assessment.own), names=names)]
    if assessment.stopped:
        said.append(say(env, STOPPED, stopped=number(env, assessment.stopped)))
    if assessment.indirect:
        said.append(say(env, INDIRECT, indirect=number(env, assessment.indirect)))
    return said
