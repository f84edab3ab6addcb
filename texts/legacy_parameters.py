"""What system parameters of older versions do in this one."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PARAMETERS = {
    'mail.catchall.domain': _lt(
        "Has no effect in this version of Odoo. It was replaced by the company's alias domain (Settings → Emails → "
        "Alias Domain)."),
    'mail.force.smtp.from': _lt(
        "Has no effect since Odoo 15. It was replaced by the alias domain's “Default From Alias”, together with the "
        "“FROM Filtering” of the outgoing mail servers."),
    'mail.dynamic.smtp.from': _lt(
        "Has no effect since Odoo 15. It was replaced by the alias domain's “Default From Alias”, together with the "
        "“FROM Filtering” of the outgoing mail servers."),
    'mail.default.from': _lt(
        "Has no effect in this version of Odoo. It was replaced by the alias domain's “Default From Alias”."),
    'mail.bounce.alias': _lt(
        "Has no effect in this version of Odoo. It was replaced by the alias domain's “Bounce Alias”."),
    'mail.catchall.alias': _lt(
        "Has no effect in this version of Odoo. It was replaced by the alias domain's “Catchall Alias”."),
}
