"""How parameters come into a translated text."""

import re
from typing import NamedTuple

from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, formatLang
from odoo.tools.translate import LazyGettext

_DAY = re.compile(r'\d{4}-\d\d-\d\d')


# Pairs with a name: of brackets that follow a call of _lt without one, Odoo's extractor of texts takes the first string for
# a text to translate (odoo/tools/babel/python_extractor.py).

class By(NamedTuple):
    """Texts by the value of a parameter, ``None`` for any other."""

    parameter: str
    texts: dict


class Counted(NamedTuple):
    """A text of one and a text of any other number; which one it is of, the reader's language says: in French none is one, too.

    Both name the parameter, which is given as a number and shown as the reader writes it. Each may depend on a second one.
    """

    parameter: str
    one: object
    other: object


class Colored(NamedTuple):
    """A text and the state, or the class of an alert, that it is colored by."""

    color: str
    text: object


def fill(env, text, params):
    """Translate ``text``, then put the parameters in; one that is missing shows as a dash rather than as an error.

    :param text: may be :class:`By` or :class:`Counted`
    """
    text, params = _choose(env, text, params)
    translated = env._(text)
    days = {name: format_date(env, params[name]) for name in ('since', 'last') if _DAY.fullmatch(str(params.get(name)))}
    return translated % _Params({**params, **days, **_services(env, params)})


def variants(text):
    """Return each of the texts that a text may be."""
    if isinstance(text, By):
        return [variant for each in text.texts.values() for variant in variants(each)]
    if isinstance(text, Counted):
        return [*variants(text.one), *variants(text.other)]
    return [text]


def _choose(env, text, params):
    """Return the text that the parameters call for, and the parameters, in which the numbers that decided it are written out."""
    if isinstance(text, By):
        return _choose(env, text.texts.get(params.get(text.parameter), text.texts[None]), params)
    if isinstance(text, Counted):
        count = _read_number(params.get(text.parameter))
        if count is not None:
            params = {**params, text.parameter: number(env, count)}
        return _choose(env, text.one if _is_one(env, count, text) else text.other, params)
    return text, params


def _read_number(value):
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _is_one(env, count, text):
    if count is None or count == 1:
        return count == 1
    [first, *_others] = variants(text.one)
    # For want of a translation, too: then the words are counted as English ones.
    is_english = isinstance(first, LazyGettext) and env._(first) == first._source
    return not is_english and babel_locale_parse(env.lang or 'en_US').plural_form(count) == 'one'


def _services(env, params):
    """Return the names of mail services among the parameters, which are stored in English, as the reader calls them."""
    told = {name: params[name] for name in ('service', 'services', 'others') if params.get(name)}
    names = told and env.lang and not env.lang.startswith('en') and env['mail.sending.service']._get_name_translations()
    if not names:
        return {}

    def translated(value):
        if isinstance(value, (list, tuple)):
            return [translated(each) for each in value]
        return names.get(value) or ', '.join(names.get(part, part) for part in str(value).split(', '))

    return {name: translated(value) for name, value in told.items()}


def say(env, text, **params):
    """Do the same with parameters that are given one by one."""
    return fill(env, text, params)


def number(env, value):
    """Return a number as the reader writes it."""
    return formatLang(env, value, digits=0)


class _Params(dict):
    def __getitem__(self, key):
        value = self.get(key)
        if isinstance(value, (list, tuple)):
            value = ', '.join(map(str, value))
        return '—' if value in (None, '') else value
