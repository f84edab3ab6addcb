"""What every finding of the engine (mailauth.codes.CODES) says to people: title, explanation and remedy.

A row is for somebody who runs a company's Odoo and never edited DNS. The title has at most
60 characters, the explanation says what it means for their mail, the remedy which line to
change. Placeholders are parameters of the finding; ``%(name)s`` is the DNS name concerned.
A finding that stands in a record that belongs to somebody else has the same code, so where
that can be, the text names the record's domain. The rows of an area are in the file of its
name, in the order of the engine's tables.
"""

from ..filling import fill, variants
from . import (
    advice, arrival, dkim, dmarc, gate, mailing, mta_sts, mx, name, observed, parked, paths, proof, receivers, registration,
    reverse, sources, spf, tls_rpt, zone)

_AREAS = (
    name, gate, zone, mx, spf, dkim, dmarc, mta_sts, tls_rpt, advice, parked, registration, reverse, arrival, proof, receivers,
    sources, observed, mailing)
FINDINGS = {code: texts for area in _AREAS for code, texts in area.FINDINGS.items()}


def finding(env, code, params):
    """Return ``(title, explanation, remedy)`` of a finding; a code without a text shows itself."""
    if code in paths.FINDINGS:
        return paths.finding(env, code, params)
    if code not in FINDINGS:
        return code, '', ''
    return tuple(fill(env, text, params) for text in FINDINGS[code])


def codes_of(env, words):
    """Return the codes of the findings whose title, in the reader's language, contains these words."""
    words = words.strip().lower()
    return [code for code in {**FINDINGS, **paths.FINDINGS}
            if words and any(words in title.lower() for title in _titles(env, code))]


def _titles(env, code):
    """Return every title that a finding may have, whatever its parameters."""
    return [env._(each) for each in variants({**FINDINGS, **paths.FINDINGS}[code][0])]
