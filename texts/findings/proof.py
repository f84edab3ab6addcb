"""Findings about sending paths that two proofs in a row showed to be worse than before, in words. ``name`` is the sender."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'proof.not_arriving': (
        _lt("Mail from this sender no longer arrives"),
        _lt("Two proof emails from %(name)s through %(server)s, the first one on %(since)s, did not arrive in the mailbox "
            "that they were sent to."),
        _lt("Open the last proof email: it says what to look at first, from Odoo's queue of outgoing mail to the mailbox."),
    ),
    'proof.unverified': (
        _lt("Receivers can no longer verify mail from this sender"),
        _lt("Two proof emails in a row from %(name)s through %(server)s, the first one on %(since)s, arrived in such a way "
            "that receivers cannot verify them. Before that they could."),
        _lt("Open the last proof email: it shows who signed it and from which IP address it came. Compare that with the records "
            "of the domain."),
    ),
    'proof.signature_stopped': (
        _lt("Mail from this sender is no longer signed"),
        _lt("Two proof emails in a row from %(name)s through %(server)s, the first one on %(since)s, had no valid signature "
            "of the sender's domain. Before that they had one. Forwarded mail cannot be verified without it."),
        _lt("Turn signing (DKIM) on again where your mail service is set up, and check that the key it signs with is the "
            "one that is published."),
    ),
    'proof.egress_changed': (
        _lt("Mail from this sender leaves from another IP address"),
        _lt("Two proof emails in a row from %(name)s through %(server)s, the first one on %(since)s, came from %(after)s. "
            "Before that they came from %(before)s, and no known mail service sends from the new address."),
        _lt("If your mail server has moved, check that the new address may send (SPF), then keep what the proof email showed. "
            "Otherwise find out through whom the mail leaves."),
    ),
    'proof.unencrypted': (
        _lt("Mail from this sender is no longer encrypted on its way"),
        _lt("Two proof emails in a row from %(name)s through %(server)s, the first one on %(since)s, were handed to the "
            "receiver without encryption (TLS). Before that they were encrypted."),
        _lt("Turn encryption (TLS) on for outgoing mail again where your mail server is set up."),
    ),
}
