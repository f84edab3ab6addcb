"""The box about the default sender address in Settings: how a company's mail leaves, with examples. Asks no DNS."""

from ..mailauth.dns.names import domain_of
from ..sending.examples import default_sender, example_authors, example_routes, sender_mode
from ..sending.legacy_parameters import (
    PARAMETER_DOMAIN,
    PARAMETER_DYNAMIC,
    PARAMETER_FORCE,
    honors,
    legacy_sender,
    own_email_domain,
)
from ..texts import sender as sender_texts
from ..texts.filling import say


def sender_box(company):
    """Return what Settings shows of the default sender address; asks no DNS.

    :return: ``{"mode": str, "sentence": str, "examples": [{"who", "author", "from_email", "is_replaced"}],
        "notes": [str], "can_change": bool, "parameters": {...}}``
    """
    company.ensure_one()
    routes = example_routes(company, example_authors(company))
    mode = sender_mode(company, routes)
    env = company.with_company(company).env
    address = {
        'force': lambda: legacy_sender(env, PARAMETER_FORCE),
        'dynamic': lambda: legacy_sender(env, PARAMETER_DYNAMIC),
    }.get(mode, lambda: default_sender(company))()
    replaced = [route.from_email for author, route in routes if route and route.from_email != author.email]
    notes = []
    if bounces := bounce_note(company, routes):
        notes.append(bounces)
    if not company.alias_domain_id:
        notes.append(say(company.env, sender_texts.NO_ALIAS_DOMAIN))
    return {
        'mode': mode,
        'sentence': say(
            company.env, sender_texts.NOW[mode], address=(address or (replaced or [''])[0]),
            domain=own_email_domain(env)),
        'examples': [_example(company.env, author, route) for author, route in _one_of_each(routes)],
        'notes': notes,
        'can_change': bool(company.alias_domain_id) and mode not in ('force', 'dynamic'),
        'parameters': _legacy_notice(env),
    }


def _example(env, author, route):
    return {
        'kind': author.kind,
        'who': say(env, sender_texts.WHO[author.kind]),
        'name': author.name,
        'author': author.email,
        'from_email': route.from_email if route else None,
        'is_replaced': bool(route) and route.from_email != author.email,
    }


def bounce_note(company, routes):
    """Return where bounces go, as a sentence."""
    envelopes = {route.envelope_from for _author, route in routes if route}
    own = (company.bounce_email or '').lower()
    if own and envelopes == {own}:
        return say(company.env, sender_texts.BOUNCES_COME_BACK, address=own)
    elsewhere = sorted(envelopes - {own})
    return elsewhere and say(
        company.env, sender_texts.BOUNCES_LEAVE, address=', '.join(elsewhere[:3])) or None


def _one_of_each(routes):
    """Return the first route of each kind of author: three or four lines."""
    first = {}
    for author, route in routes:
        first.setdefault(author.kind, (author, route))
    return list(first.values())


def _legacy_notice(env):
    """Return what is to be said about the legacy parameters in the current company, or ``None``.

    :return: ``{"honored": bool, "notes": [str], "is_convertible": bool}``
    """
    get_param = env['ir.config_parameter'].sudo().get_param
    values = {key: get_param(key) for key in (PARAMETER_FORCE, PARAMETER_DYNAMIC)}
    values = {key: value for key, value in values.items() if value}
    if not values:
        return None
    addresses = {key: legacy_sender(env, key) for key in values}
    honored = honors(env)
    notes = [
        say(env, sender_texts.PARAMETER_UNREADABLE, key=key, value=value)
        for key, value in values.items() if not addresses[key]
    ]
    if not honored:
        notes.insert(0, say(env, sender_texts.PARAMETERS_IGNORED, parameters=', '.join(
            f'{key} = {value}' for key, value in values.items())))
    elif len(values) == 2 and addresses[PARAMETER_FORCE]:
        notes.append(say(env, sender_texts.FORCE_WINS))
    if addresses.get(PARAMETER_DYNAMIC):
        notes += _email_domain_notes(env, get_param(PARAMETER_DOMAIN))
    return {
        'honored': honored,
        'notes': notes,
        'is_convertible': any(addresses.values()),
    }


def _email_domain_notes(env, parameter):
    """Return which of ``mail.catchall.domain`` and the alias domain counts, where they differ."""
    alias_domain = env.company.sudo().alias_domain_id.name
    parameter = domain_of(parameter)
    if parameter and alias_domain and parameter != domain_of(alias_domain):
        return [say(
            env, sender_texts.DOMAINS_DIFFER, parameter=parameter, alias_domain=alias_domain)]
    if parameter and not alias_domain:
        return [say(env, sender_texts.PARAMETER_DOMAIN_COUNTS, parameter=parameter)]
    return []
