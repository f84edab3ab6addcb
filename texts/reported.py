"""What receivers' reports show to have changed about one's own mail, as an area of a domain, and the step back."""

from markupsafe import Markup

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

AREAS = {
    'sources': _lt("Your mail in receivers' reports"),
}

# First the mend; the step back is said below it.
SUMMARIES = {
    'sources.none': _lt("Receivers report that your mail can be verified, or no longer stop it."),
    'sources.key_missing': _lt(
        "Since %(since)s receivers report that your mail from %(service)s cannot be verified, and your DMARC record asks them "
        "to stop such mail (p=%(policy)s). First publish the key (DKIM) again that receivers check its signature with."),
    'sources.not_permitted': _lt(
        "Since %(since)s receivers report that your mail from %(service)s cannot be verified, and your DMARC record asks them "
        "to stop such mail (p=%(policy)s). First correct the SPF record: it does not permit the servers of this mail any more."),
    'sources.proof_failed': _lt(
        "Since %(since)s receivers report that your mail from %(service)s cannot be verified, and your DMARC record asks them "
        "to stop such mail (p=%(policy)s). Proof emails show the same: first turn signing (DKIM) on again where this sender "
        "is set up."),
}

# By the policy that is left.
STEP_BACK = {
    'quarantine': _lt(
        "If that takes longer than a day, step back meanwhile: receivers then file such mail as spam instead of rejecting it, "
        "and your own is not lost. Publish this record in place of the present one, and the old one again once reports are in "
        "order."),
    'none': _lt(
        "If that takes longer than a day, step back meanwhile: receivers then deliver such mail, and somebody else's that "
        "pretends to be yours, too. Publish this record in place of the present one, and the old one again once reports are in "
        "order."),
}


def why_step_back(env, policy):
    """Return what a step back to a policy does."""
    return env._(STEP_BACK[policy])


def step_back(env, change):
    """Return how to step back, in HTML; what DNS said is escaped.

    :param dict change: ``checking.reported.get_step_back``
    """
    return Markup('<p>%s</p><pre class="o_mail_domain_health_letter">%s TXT %s</pre>') % (
        why_step_back(env, change['policy']), change['name'], change['value'])

