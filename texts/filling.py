"""How parameters come into a translated text."""

import re

from odoo.tools import format_date

_DAY = re.compile(r'\d{4}-\d\d-\d\d')


def fill(env, text, params):
    """Translate ``text``, then put the parameters in; one that is missing shows as a dash rather than as an error."""
    translated = env._(text)
    days = {name: format_date(env, params[name]) for name in ('since', 'last') if _DAY.fullmatch(str(params.get(name)))}
    return translated % _Params({**params, **days})


def say(env, text, **params):
    """Do the same with parameters that are given one by one."""
    return fill(env, text, params)


class _Params(dict):
    def __getitem__(self, key):
        value = self.get(key)
        if isinstance(value, (list, tuple)):
            value = ', '.join(map(str, value))
        return '—' if value in (None, '') else value
