"""What receivers' reports say of one's own mail, as findings: what was predicted of it is held against them elsewhere."""

from __future__ import annotations

from ..finding import Kind, Severity

_E, _I = Severity.ERROR, Severity.INFO

CODES: dict[str, Kind] = {
    # Mail of one's own that could be verified, and no longer can, under a policy that has receivers stop it.
    "sources.key_missing": Kind(
        _E, "Own mail that passed DMARC fails under enforcement, and the DKIM key that it was signed with is gone.",
        "RFC 9989 §7.4"),
    "sources.not_permitted": Kind(
        _E, "Own mail that passed DMARC fails under enforcement, and SPF no longer passes for its servers.", "RFC 9989 §7.4"),
    "sources.proof_failed": Kind(
        _E, "Own mail that passed DMARC fails under enforcement, and proof emails on its path fail, too.", "RFC 9989 §7.4"),
    # What happens in reports, and harms no mail of one's own.
    "observed.failing_rise": Kind(
        _I, "Several times as much failing mail from unknown sources as is usual on such a day.", "RFC 9990 §2"),
    "observed.new_source": Kind(_I, "A source that never sent as the domain before does so now.", "RFC 9990 §2"),
    "observed.receiver_silent": Kind(
        _I, "A receiver that reported nearly every day no longer does, while others do.", "RFC 9990 §3"),
    "observed.not_signed": Kind(
        _I, "Receivers report own mail without an aligned signature though its key is published.", "RFC 9989 §4.4.1"),
    "observed.signed": Kind(
        _I, "Receivers report own mail with an aligned signature though no key that is known for it is published.",
        "RFC 9989 §4.4.1"),
}
