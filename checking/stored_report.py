"""A report as it is stored: one value, whichever version of this module stored it."""

from dataclasses import asdict, dataclass, field, fields, replace

from ..mailauth.registration import KINDS
from ..mailauth.verdict import PROTOCOLS
from .announcement import AREAS

MAX_FORMER = 4  # name servers that a zone has left
VERSION = 2  # of what is stored; without one: of before it was noted


@dataclass(frozen=True)
class Area:
    """The state of one area of a domain, and the code and parameters of the sentence about it (mailauth.AreaReport)."""

    state: str
    code: str
    params: dict = field(default_factory=dict)
    worst: str | None = None

    @classmethod
    def from_dict(cls, stored):
        return cls(stored['state'], stored['code'], stored.get('params') or {}, stored.get('worst'))

    def to_dict(self):
        said = {'state': self.state, 'code': self.code, 'params': self.params}
        return {**said, 'worst': self.worst} if self.worst else said


@dataclass(frozen=True)
class Zone:
    """Where a domain's records stand; ``negative_ttl`` in seconds, ``None`` where that is not known."""

    name: str | None = None
    nameservers: list = field(default_factory=list)
    negative_ttl: int | None = None


@dataclass(frozen=True)
class Group:
    """What the mail of some groups of paths comes to, where that is something else than all of it does.

    ``of`` are the groups: ids of companies, as text.
    """

    of: list
    state: str
    areas: dict

    @classmethod
    def from_dict(cls, stored):
        return cls(stored['of'], stored['state'], _areas_from(stored))

    def to_dict(self):
        return {'of': self.of, 'state': self.state, **_areas_to_dict(self.areas)}


@dataclass(frozen=True)
class StoredReport:
    """What the last check of a domain found, and what receivers said about it by then.

    ``areas`` are by name; the others are what ``mailauth.DomainReport.to_dict``
    has under their names; ``own`` is not stored, for only who looks just now needs it.
    Added here: ``overruled``, what the prediction was wrong about (``evidence.with_evidence``),
    and the areas ``receivers`` and, where there are reports, ``sources`` (``checking/reported.py``).
    What an older version did not store yet has the value that says nothing.
    """

    domain: str = ''
    state: str = 'unknown'
    areas: dict = field(default_factory=dict)
    groups: list = field(default_factory=list)
    paths: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    records: list = field(default_factory=list)
    spf_trees: list = field(default_factory=list)
    policy: dict | None = None
    changes: list = field(default_factory=list)
    extras: list = field(default_factory=list)
    budget: dict | None = None
    zone: Zone = Zone()
    unanswered: list = field(default_factory=list)
    sender_unknown: bool = False
    deadline_passed: bool = False
    asked: str = ''
    confirmed: dict = field(default_factory=dict)
    own: dict | None = None
    answered: list = field(default_factory=list)
    left_open: list = field(default_factory=list)
    dead_names: dict = field(default_factory=lambda: {'found': [], 'left_open': list(KINDS)})
    started: float = 0.0
    duration: float = 0.0
    overruled: dict | None = None

    @classmethod
    def from_dict(cls, stored):
        """Return the report that was stored, or that the engine gave, as ``stored``."""
        known = {name: stored[name] for name in _PLAIN if name in stored}
        zone = stored.get('zone') or {}
        return cls(
            **known, zone=Zone(zone.get('name'), zone.get('nameservers') or [], zone.get('negative_ttl')),
            areas=_areas_from(stored),
            groups=[Group.from_dict(found) for found in stored.get('groups') or ()])

    def to_dict(self):
        """Return the report as JSON types, as it is stored."""
        return {
            'version': VERSION, **{name: getattr(self, name) for name in _PLAIN if name != 'own'}, 'zone': asdict(self.zone),
            'groups': [found.to_dict() for found in self.groups], **_areas_to_dict(self.areas),
        }

    @property
    def is_behind_gate(self):
        """Whether the domain itself can have no mail, whatever the other areas say."""
        return self.areas['gate'].state == 'fail'

    @property
    def is_unseen(self):
        """Whether DNS answered nothing of what matters, as opposed to a question here and there.

        A state may be open though its own record was answered: how much a fault of SPF harms may be up to DKIM. And a key that
        was seen is an answer of the zone's.
        """
        failed = {(answer['name'], answer['type']) for answer in self.unanswered}
        return all((name, 'TXT') in failed for name in (self.domain, f'_dmarc.{self.domain}')) and all(
            self.areas[area].state == 'unknown' for area in PROTOCOLS)

    @property
    def states(self):
        """The state of each protocol, by the name of the field that shows it."""
        return {f'{area}_state': self.areas[area].state for area in PROTOCOLS}

    @property
    def published(self):
        """What was published, as far as a difference of it is a change worth a row of history."""
        return sorted((record['name'], record['type'], record['value']) for record in self.records)

    def group_of(self, company):
        """Return what a company's own mail comes to, or ``None`` where that is what all of it does."""
        return next((group for group in self.groups if str(company.id) in group.of), None)

    def records_of(self, area):
        return [record for record in self.records if record['area'] == area]

    def changes_of(self, area):
        """Return the changes that an area needs."""
        return [change for change in self.changes if change['reason'].partition('.')[0] == area]

    def without_green_behind_gate(self):
        """Return the report without green areas where the domain itself can have no mail: they are in order for nobody."""
        if not self.is_behind_gate:
            return self
        return replace(self, areas={
            name: Area('unknown', 'gate.comes_first') if name in PROTOCOLS and area.state == 'pass' else area
            for name, area in self.areas.items()})

    def without_findings(self, code, names):
        """Return the report without the findings of a code about these names."""
        if not names:
            return self
        return replace(self, findings=[
            found for found in self.findings if found['code'] != code or found['name'] not in names])

    def added_to(self, known, date):
        """Return ``known``, by area what was answered last, with what this report answers.

        :param str date: when the report was made
        """
        known = dict(known)
        for name, area in self.areas.items():
            if area.state != 'unknown':
                known[name] = {
                    'state': area.state, 'date': date, 'records': self.records_of(name), 'changes': self.changes_of(name)}
        if self.zone.nameservers:
            known['zone'] = {'date': date, 'nameservers': self.zone.nameservers, 'former': self._get_former(known.get('zone'))}
        if self.state != 'unknown':
            before = known.get('all') or {}
            lasts = before.get('state') == self.state
            known['all'] = {'state': self.state, 'date': date, 'since': lasts and before.get('since') or date}
        return known

    def _get_former(self, known):
        """Return the name servers that the zone has left, the last ones first: somebody may still make changes there."""
        known = known or {}
        before = dict.fromkeys([*known.get('nameservers', ()), *known.get('former', ())])
        return [server for server in before if server not in self.zone.nameservers][:MAX_FORMER]


def _areas_from(stored):
    return {name: Area.from_dict(stored[name]) for name in AREAS if name in stored}


def _areas_to_dict(areas):
    return {name: area.to_dict() for name, area in areas.items()}


_PLAIN = [each.name for each in fields(StoredReport) if each.name not in ('areas', 'groups', 'zone')]
