"""Findings about mail of one's own that, by reports, began to fail, in words. ``name`` is the source."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'sources.key_missing': (
        _lt("Your mail began to fail: its key is missing"),
        _lt("Since %(since)s receivers report that mail of yours from %(service)s cannot be verified. Before that it could be. "
            "The key that they check its signature with (DKIM) is not published any more, and your DMARC record asks them to "
            "stop such mail (p=%(policy)s)."),
        _lt("First publish the key again: the record is under “To Do”. If that takes longer than a day, step back: the DMARC "
            "record for that is under “Sending Paths”."),
    ),
    'sources.not_permitted': (
        _lt("Your mail began to fail: SPF does not permit it any more"),
        _lt("Since %(since)s receivers report that mail of yours from %(service)s cannot be verified. Before that it could be. "
            "The SPF record does not permit its servers any more, and your DMARC record asks receivers to stop such mail "
            "(p=%(policy)s)."),
        _lt("First correct the SPF record: it is under “To Do”. If that takes longer than a day, step back: the DMARC record "
            "for that is under “Sending Paths”."),
    ),
    'sources.proof_failed': (
        _lt("Your mail began to fail, as proof emails show, too"),
        _lt("Since %(since)s receivers report that mail of yours from %(service)s cannot be verified. Before that it could be. "
            "Proof emails show the same, and your DMARC record asks receivers to stop such mail (p=%(policy)s)."),
        _lt("First turn signing (DKIM) on again where this sender is set up: the last proof email shows what is missing. If that "
            "takes longer than a day, step back: the DMARC record for that is under “Sending Paths”."),
    ),
}
