"""A list of domains that a person made: a CSV file of whatever program and language, or pasted lines.

Nothing is guessed that could be wrong: what cannot be taken as it is written is told with its line and how to mend it.
"""

import csv
import io
import re
from dataclasses import dataclass, field

from odoo.exceptions import UserError

from ..mailauth.dns.names import domain_problem, to_ascii
from ..mailauth.dns.public_suffix import private_suffix, suffix_rules
from ..sending.freemail import FREEMAIL_DOMAINS
from ..texts import findings

MAX_OCTETS = 1_000_000
MAX_LINES = 10_000
MAX_SHOWN = 100  # characters of a cell that a sentence repeats
MAX_TAGS, MAX_TAG = 10, 64  # of one line; characters of one
_WORKBOOKS = (b'PK\x03\x04', b'\xd0\xcf\x11\xe0')
_COLUMNS = {'domain': ('domain', 'domains', 'domain name', 'email domain', 'name'),
            'sends_nothing': ('sends nothing', 'sends no mail', 'sends_nothing', 'parked'),
            'tags': ('tags', 'tag')}
_YES, _NO = ('yes', 'y', 'true', '1', 'x'), ('no', 'n', 'false', '0')


@dataclass(frozen=True)
class Row:
    """One domain of a list; ``sends_nothing`` is ``None`` where the list does not say."""

    line: int
    text: str
    name: str
    sends_nothing: bool | None = None
    tags: tuple = ()


@dataclass(frozen=True)
class Problem:
    """A line that cannot be taken: its number, its text, and a sentence that says why and how to mend it."""

    line: int
    text: str
    sentence: str


@dataclass
class DomainFile:
    """What a list says: ``rows`` with each domain once, ``problems``, and ``notes`` about what was passed over."""

    rows: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    heading: str = ''


def decode(env, content):
    """Return the text of a file: UTF-8 with or without a mark, UTF-16, or what Windows writes in Western Europe.

    :raises UserError: where it is no text, or too long
    """
    if len(content) > MAX_OCTETS:
        raise UserError(env._("The file is larger than 1 MB. Split it."))
    if content.startswith(_WORKBOOKS):
        raise UserError(env._("This is a workbook. Save it as CSV in your spreadsheet program, and choose that file."))
    if content.startswith((b'\xff\xfe', b'\xfe\xff')):
        text = content.decode('utf-16', errors='replace')
    else:
        try:
            text = content.decode('utf-8-sig')
        except UnicodeDecodeError:
            text = content.decode('cp1252', errors='replace')
    if '\0' in text:
        raise UserError(env._("This is no text file. Choose a CSV file."))
    return text


def read(env, text):
    """Read a list of domains.

    :raises UserError: where it is too long, or its heading names no domain
    """
    if len(text) > MAX_OCTETS:
        raise UserError(env._("The list is longer than 1 MB. Split it."))
    lines = text.lstrip('\ufeff').splitlines()
    if len(lines) > MAX_LINES:
        raise UserError(env._("The list has more than %(limit)s lines. Split it.", limit=f'{MAX_LINES:,}'))
    found, columns, first = DomainFile(), None, {}
    for number, source, cells in _records(lines):
        if not any(cells):
            continue
        if columns is None:
            columns = _read_heading(env, cells, found)
            if found.heading or columns is None:
                found.heading = source
                continue
        _read_record(env, number, source, dict(zip(columns, cells)), found, first)
    return found


def _records(lines):
    """Yield ``(number of the line, its text, its cells)``; a quotation that is not closed ends with its line."""
    separator = _separator(lines)
    for number, source in enumerate(lines, 1):
        try:
            [cells] = csv.reader(io.StringIO(source), delimiter=separator)
        except (csv.Error, ValueError):
            cells = [source]
        yield number, source, [cell.strip() for cell in cells]


def _separator(lines):
    first = next((line for line in lines if line.strip()), '')
    return max(';,\t', key=first.count)


def _read_heading(env, cells, found):
    """Return the name of each column, and note whether the first line is a heading."""
    words = {word: column for column, all_words in _COLUMNS.items() for word in all_words}
    words |= {env._("Domain").lower(): 'domain', env._("Sends No Mail").lower(): 'sends_nothing', env._("Tags").lower(): 'tags'}
    columns = [words.get(cell.lower()) for cell in cells]
    if not any(columns):
        if len([cell for cell in cells if cell]) > 1:
            found.notes.append(env._(
                "The list has no heading, so only its first column was read. Name the columns “Domain”, “Sends No Mail” and "
                "“Tags” in the first line to have all of them read."))
        return ['domain']
    if 'domain' not in columns:
        raise UserError(env._("No column is called “Domain”. Name the one that has the domains so."))
    unread = [cell for cell, column in zip(cells, columns, strict=True) if cell and not column]
    if unread:
        found.notes.append(env._("These columns were not read: %(columns)s.", columns=', '.join(map(_shown, unread))[:500]))
    found.heading = ' '
    return columns


def _read_record(env, number, source, values, found, first):
    """Add one line to what was found; ``first`` remembers the row that each domain stands in first."""
    def refuse(sentence):
        found.problems.append(Problem(number, source, env._("Line %(line)s: %(problem)s", line=number, problem=sentence)))

    text = values.get('domain', '')
    if problem := _problem_of_domain(env, text):
        return refuse(problem)
    answer = values.get('sends_nothing', '').lower()
    if answer and answer not in (*_YES, *_NO, env._("Yes").lower(), env._("No").lower()):
        return refuse(env._(
            "“%(answer)s” is neither yes nor no. Enter one of them under “Sends No Mail”.", answer=_shown(answer)))
    sends_nothing = None if not answer else answer in _YES or answer == env._("Yes").lower()
    tags = tuple(dict.fromkeys(tag.strip() for tag in re.split(r'[|,;]', values.get('tags', '')) if tag.strip()))
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags):
        return refuse(env._("There are too many tags, or one is too long. Leave some out, or shorten it."))
    row = Row(number, source, to_ascii(text), sends_nothing, tags)
    before = first.get(row.name)
    if before is None:
        first[row.name] = row
        found.rows.append(row)
        return None
    if (before.sends_nothing, before.tags) != (sends_nothing, tags):
        return refuse(env._(
            "%(domain)s stands in line %(line)s already, with other values. Delete one of the two lines.",
            domain=_shown(text), line=before.line))
    found.notes.append(env._(
        "Line %(line)s: %(domain)s stands in line %(first)s already.", line=number, domain=_shown(text), first=before.line))
    return None


def _problem_of_domain(env, text):
    """Return what is wrong with a domain as it is written, and how to mend it, or ``None``."""
    bare = re.sub(r'^\w+://', '', text).partition('/')[0].rpartition('@')[2].removeprefix('*.')
    if text != bare and not domain_problem(bare):
        return env._("“%(text)s” is more than a domain. Enter only %(domain)s.", text=_shown(text), domain=bare)
    if code := domain_problem(text):
        title, _explanation, remedy = findings.finding(env, code, {'name': _shown(text)})
        return env._("“%(text)s”: %(title)s. %(remedy)s", text=_shown(text), title=title, remedy=remedy)
    name = to_ascii(text)
    if name is None:
        return env._("“%(text)s” cannot be a domain. Correct its spelling.", text=_shown(text))
    if name in FREEMAIL_DOMAINS:
        return env._("Anybody can have an address at %(domain)s: it is not yours. Delete this line.", domain=name)
    if suffix_rules() is not None and private_suffix(name) is None:
        return env._("Many people's domains end in %(domain)s. Enter the whole name of yours.", domain=name)
    return None


def _shown(text):
    return text if len(text) <= MAX_SHOWN else f'{text[:MAX_SHOWN]}…'
