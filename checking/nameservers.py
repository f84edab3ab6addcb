"""Trying out name servers for a person who waits: which of them answer this server."""

from .. import mailauth
from ..texts import nameservers as texts
from ..texts.filling import say

TIMEOUT = 2.0  # seconds for a name server to give any answer
LIMIT = 8  # name servers tried out at once
LONGEST = 2000  # characters of the setting
USELESS = ('refused', 'servfail', 'timeout')  # who says so answers no question of ours


def try_out_nameservers(env, setting):
    """Ask each name server once, at the same time, and return what it said.

    :param setting: as a person wrote it; empty: the servers of the system
    :return: ``{"servers": [{"name", "works", "sentence"}], "works": bool, "sentence": str}``
    """
    text = str(setting or '')[:LONGEST]
    servers, problems = mailauth.parse_nameservers(text)
    if problems or text.strip() and not servers:
        return _outcome(env, 'unreadable', items="”, “".join(problems) or text.strip()[:100])
    if len(servers) > LIMIT:
        return _outcome(env, 'too_many', limit=LIMIT)
    rows = [_get_row(env, *said) for said in mailauth.ask_nameservers(servers or None, timeout=TIMEOUT)]
    if not rows:
        return _outcome(env, 'no_servers')
    working = sum(row['works'] for row in rows)
    outcome = _outcome(env, 'none' if not working else 'all' if working == len(rows) else 'some')
    return {**outcome, 'servers': rows, 'works': bool(working)}


def _outcome(env, code, **params):
    return {'servers': [], 'works': False, 'sentence': say(env, texts.OUTCOMES[code], **params)}


def _get_row(env, server, answer, seconds):
    status = answer.status.value
    works = status not in USELESS
    return {
        'name': str(server)[:200],
        'works': works,
        'sentence': say(
            env, texts.SAID[None if works else status], server=str(server)[:200], milliseconds=max(1, round(1000 * seconds)),
            detail=mailauth.in_one_line(answer.detail or '')[:200]),
    }
