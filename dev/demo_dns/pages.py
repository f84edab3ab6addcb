"""The panel's pages. Everything that comes from a zone or a form is escaped."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from .habits import HABITS
from .store import TYPES, BadInput, Record, ZoneStore

STYLE = """
:root { color-scheme: light dark; --line: #d5d9e0; --soft: #f4f6f9; --accent: #4b5fd6; --text: #1d2433;
        --muted: #5d6679; --page: #fff; --bad: #b3261e; --bad-soft: #fdecea; --good: #1c6b3a; --good-soft: #e6f4ea; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4152; --soft: #232936; --accent: #9aa8ff; --text: #e8ebf2;
        --muted: #a3acbf; --page: #171b24; --bad: #ff9a93; --bad-soft: #45201e; --good: #86d9a2; --good-soft: #1d3a28; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header { border-bottom: 1px solid var(--line); background: var(--soft); }
header > div, main { max-width: 62rem; margin: 0 auto; padding: .8rem 1rem; }
header a { font-weight: 600; color: inherit; text-decoration: none; }
h1 { font-size: 1.5rem; margin: .6rem 0; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; }
a { color: var(--accent); }
p.muted, small { color: var(--muted); }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-size: .8rem; color: var(--muted); font-weight: 600; padding: .3rem .5rem; }
td { border-top: 1px solid var(--line); padding: .5rem; vertical-align: top; }
td.value { overflow-wrap: anywhere; font-family: ui-monospace, monospace; font-size: .9rem; width: 60%; }
td.ttl { white-space: nowrap; color: var(--muted); }
td.host { overflow-wrap: anywhere; font-family: ui-monospace, monospace; font-size: .9rem; }
details { font: 1rem/1.5 system-ui, sans-serif; }
label small, input, select, textarea { font-weight: 400 !important; }
label { display: block; font-size: .85rem; font-weight: 600; }
input, select, textarea { width: 100%; font: inherit; padding: .45rem .55rem; border: 1px solid var(--line);
        border-radius: .4rem; background: var(--page); color: var(--text); }
textarea { font-family: ui-monospace, monospace; font-size: .9rem; min-height: 4.5rem; }
button { font: inherit; padding: .45rem .9rem; border: 1px solid var(--line); border-radius: .4rem; cursor: pointer;
        background: var(--page); color: var(--text); min-height: 2.5rem; }
button.main { background: #4b5fd6; border-color: #4b5fd6; color: #fff; }
button:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible, summary:focus-visible,
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
summary { cursor: pointer; color: var(--accent); padding: .2rem 0; }
.fields { display: grid; gap: .8rem; grid-template-columns: 7rem 1fr 7rem; }
.fields .wide { grid-column: 1 / -1; }
.note { border-radius: .4rem; padding: .6rem .8rem; margin: .8rem 0; }
.bad { background: var(--bad-soft); color: var(--bad); } .good { background: var(--good-soft); color: var(--good); }
.row { display: flex; gap: .6rem; flex-wrap: wrap; align-items: center; }
ul.zones { list-style: none; padding: 0; } ul.zones li { border-top: 1px solid var(--line); padding: .6rem 0; }
@media (max-width: 40rem) {
  .fields { grid-template-columns: 1fr 1fr; } .fields .host { grid-column: 1 / -1; order: 1; } .fields .wide { order: 2; }
  thead { display: none; }
  tr { display: grid; grid-template-columns: auto 1fr auto; gap: 0 .8rem; border-top: 1px solid var(--line);
       padding: .6rem 0; align-items: center; }
  td { display: block; border: 0; padding: 0; }
  td.type { font-weight: 600; } td.value { grid-column: 1 / -1; width: auto; padding: .25rem 0; order: 1; }
  td.action { order: 2; grid-column: 1 / -1; } td.ttl { color: var(--muted); }
}
"""
DONE = {
    "add": "The record was added.",
    "replace": "The record was replaced.",
    "delete": "The record was deleted.",
    "silent": "The zone's name servers no longer answer.",
    "answering": "The zone's name servers answer again.",
    "habits": "The panel behaves otherwise from now on; what is published stays as it is.",
    "restored": "The zone is as it was at first.",
}


def index(store: ZoneStore) -> str:
    """All zones: the demo's domains, then the stand-ins for the outside world."""
    own = [zone for zone in store.zones() if not store.outside(zone)]
    outside = [zone for zone in store.zones() if store.outside(zone)]
    return _page("Demo DNS", f"""
<h1>Zones</h1>
<p class="muted">What the demo's DNS server answers. Change a zone here as you would at your DNS host,
then press <b>Check now</b> in Odoo.</p>
{_list(store, own)}
<h2>Stand-ins for the outside world</h2>
<p class="muted">The names that records point at. Their addresses are documentation addresses.</p>
{_list(store, outside)}""")


def zone(store: ZoneStore, name: str, done: str = "", problem: str = "", values: dict[str, str] | None = None) -> str:
    """One zone: its records, and the forms to change it. `values`: what was sent with the `problem`."""
    records = store.records(name)
    silent = store.silent(name)
    values = values or {}
    notes = ""
    if problem:
        notes += f'<p class="note bad" role="alert">{escape(problem)}</p>'
    elif done in DONE:
        notes += f'<p class="note good" role="status">{DONE[done]}</p>'
    if silent:
        notes += '<p class="note bad">The name servers of this zone do not answer: every question about it times out.</p>'
    action = f"/zone/{quote(name)}"
    rows = "".join(_row(action, record) for record in records)
    add = values if values.get("action") == "add" else {}
    flip = "false" if silent else "true"
    return _page(name, f"""
<h1>{escape(name)}</h1>{notes}
<table><thead><tr><th>Type</th><th>Host</th><th>Value</th><th>TTL</th><th></th></tr></thead><tbody>{rows}</tbody></table>
<h2>Add a record</h2>
<form method="post" action="{action}/records"><input type="hidden" name="action" value="add">
{_fields(name, add.get("type", "TXT"), add.get("host", ""), add.get("value", ""), add.get("ttl", "300"))}
<p><button class="main">Add record</button></p></form>
<h2>The whole zone</h2>
<div class="row">
<form method="post" action="{action}/silent"><input type="hidden" name="silent" value="{flip}">
<button>{"Answer again" if silent else "Let its name servers fall silent"}</button></form>
{_restore(action, store, name)}
</div>
<h2>How this panel behaves</h2>
<p class="muted">DNS hosts differ. Switch on what yours does, publish a record, and see what Odoo says about it.</p>
{_habits(action, store.habits(name))}""")


def not_found(problem: str = "There is no such page.") -> str:
    return _page("Not here", f'<h1>Not here</h1><p class="note bad">{escape(problem)}</p><p><a href="/">All zones</a></p>')


def _restore(action: str, store: ZoneStore, name: str) -> str:
    if not store.has_original(name):
        return ""
    return f'<form method="post" action="{action}/restore"><button>Put everything back as it was</button></form>'


def _habits(action: str, has: frozenset[str]) -> str:
    return f'<ul class="zones">{"".join(_habit(action, habit, habit in has) for habit in HABITS)}</ul>'


def _habit(action: str, habit: str, is_on: bool) -> str:
    words, flip = escape(HABITS[habit]), "Switch off" if is_on else "Switch on"
    return f"""<li><form class="row" method="post" action="{action}/habits">
<input type="hidden" name="habit" value="{habit}"><input type="hidden" name="has" value="{"false" if is_on else "true"}">
<button aria-label="{flip}: {words}">{flip}</button><span>{"<b>On</b>: " if is_on else ""}{words}</span></form></li>"""


def _list(store: ZoneStore, zones: list[str]) -> str:
    rows = ""
    for name in zones:
        try:
            state = "does not answer" if store.silent(name) else f"{len(store.records(name))} records"
        except BadInput:
            continue
        rows += f'<li><a href="/zone/{quote(name)}">{escape(name)}</a> <small>{state}</small></li>'
    return f'<ul class="zones">{rows}</ul>'


def _row(action: str, record: Record) -> str:
    key = escape(f"{record.type} record at {record.host}")
    common = (
        f'<input type="hidden" name="type" value="{record.type}">'
        f'<input type="hidden" name="host" value="{escape(record.host)}">'
    )
    value = escape(record.value)
    return f"""<tr><td class="type">{record.type}</td><td class="host">{escape(record.host)}</td>
<td class="value">{value}
<details><summary aria-label="Change the {key}">Change</summary>
<form method="post" action="{action}/records">{common}<input type="hidden" name="action" value="replace">
<input type="hidden" name="old_value" value="{value}"><input type="hidden" name="ttl" value="{record.ttl}">
<p><label>New value<textarea name="value" required>{value}</textarea></label></p>
<p><button class="main">Replace</button></p></form></details></td>
<td class="ttl">{record.ttl} s</td>
<td class="action"><form method="post" action="{action}/records">{common}<input type="hidden" name="action" value="delete">
<input type="hidden" name="value" value="{value}"><button aria-label="Delete the {key}">Delete</button></form></td></tr>"""


def _fields(zone_name: str, type: str, host: str, value: str, ttl: str) -> str:
    options = "".join(f"<option{' selected' if kind == type else ''}>{kind}</option>" for kind in TYPES)
    return f"""<div class="fields">
<label>Type<select name="type">{options}</select></label>
<label class="host">Host<input name="host" value="{escape(host)}" placeholder="@ or _dmarc"
 autocapitalize="none" spellcheck="false" autocomplete="off">
<small>relative to {escape(zone_name)}; @ or empty for the domain itself</small></label>
<label>TTL, seconds<input name="ttl" inputmode="numeric" value="{escape(ttl)}"></label>
<label class="wide">Value<textarea name="value" required spellcheck="false">{escape(value)}</textarea></label></div>"""


def _page(title: str, body: str) -> str:
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · Demo DNS</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>
<body><header><div><a href="/">Demo DNS panel</a></div></header><main>{body}</main></body></html>"""
