"""Title, explanation and remedy of every finding that the engine knows (mailauth.codes.CODES)."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
}
