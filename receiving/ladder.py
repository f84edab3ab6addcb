"""Whether reports carry the next step of DMARC: a pure function of evidence.

Who takes a step before all mail of one's own is signed loses mail; who waits for ever protects nobody. So each condition is told
with its number, met or not.
"""

from collections import namedtuple
from dataclasses import dataclass, field

DAYS = 30  # at each rung
# Of them that have to be reported, most of them: who mails on working days only has some 21, less holidays and late reports.
REPORTED = 16
WEEK, WEEKS = 7, 4  # each of which has to have some: two busy weeks tell nothing of what is sent once a month
RECEIVERS = 3  # of the shipped list that have to report
MESSAGES = 500  # of one's own: fewer tell nothing
SIGNED = 0.995  # of one's own, by DKIM: who rejects must not rely on SPF alone (RFC 9989 §7.4)
TINY = 0.001  # of all mail: sources below it that never passed are grouped, and nobody has to decide about each

VERDICTS = ('ready', 'decide', 'wait', 'ask', 'last')
Condition = namedtuple('Condition', 'code is_met params')


@dataclass
class Evidence:
    """What 30 days of reports say.

    ``days``: since the present policy was seen and reports came in; ``reported``: of the days since then that reports cover,
    how many days ago each of them was, a set; ``receivers``: of the shipped list; ``sources``: :class:`sources.Source`;
    ``writes_to_lists``: whether people write from the domain, to mailing lists too, ``None`` where nobody said so.
    """

    days: int = 0
    reported: frozenset = frozenset()
    receivers: int = 0
    sources: list = field(default_factory=list)
    writes_to_lists: bool = None


@dataclass
class Assessment:
    """``verdict``: ``ready``; ``decide``: too little mail to tell; ``wait``; ``ask``: whether people write from the domain comes
    first; ``last``: there is no further step for them.

    ``refused`` are emails of one's own that would not have been delivered, ``refusing`` the sources that they are of, of ``own``
    ones; ``stopped`` are emails of others that it is for; ``indirect`` those that were sent on and are no longer verifiable.
    """

    verdict: str
    conditions: list
    own: int
    refused: int
    refusing: list
    stopped: int
    indirect: int
    grouped: int

    @property
    def unmet(self):
        return [condition for condition in self.conditions if not condition.is_met]


def assess(evidence, target):
    """Return the :class:`Assessment` of a step to the policy ``target``."""
    total = sum(source.messages for source in evidence.sources)
    own = [source for source in evidence.sources if source.kind == 'yours']
    messages, signed = (sum(getattr(source, name) for source in own) for name in ('messages', 'dkim'))
    failing = [source for source in evidence.sources if source.is_open and source.failed]
    tiny = [source for source in failing if not source.passed and source.messages < TINY * total]
    undecided = [source for source in failing if source not in tiny]
    conditions = [
        _cover(evidence),
        Condition('receivers', evidence.receivers >= RECEIVERS, {'receivers': evidence.receivers}),
        Condition('volume', messages >= MESSAGES, {'messages': messages}),
        Condition('signed', messages > 0 and signed >= SIGNED * messages, {
            'signed': signed, 'messages': messages, 'sources': [source for source in own if source.unsigned]}),
        Condition('decided', not undecided, {'sources': undecided}),
    ]
    refusing = [source for source in own if source.failed]
    return Assessment(
        _verdict(conditions, evidence.writes_to_lists, target), conditions, messages,
        sum(source.failed for source in refusing), refusing,
        stopped=sum(source.failed for source in evidence.sources if source.kind == 'not_yours' or source in tiny),
        indirect=sum(source.failed for source in evidence.sources if source.kind in ('sent_on', 'forwarded')),
        grouped=len(tiny))


def _cover(evidence):
    """Return the condition that reports cover 30 days of the present policy."""
    reported = {ago for ago in evidence.reported if 0 < ago <= DAYS}
    weeks = {(ago - 1) // WEEK for ago in reported}
    is_met = evidence.days >= DAYS and len(reported) >= REPORTED and weeks.issuperset(range(WEEKS))
    return Condition('days', is_met, {'days': min(evidence.days, DAYS), 'reported': len(reported)})


def _verdict(conditions, writes_to_lists, target):
    if target == 'reject' and writes_to_lists:
        return 'last'
    met = {condition.code: condition.is_met for condition in conditions}
    if met['volume'] and not all(met.values()):
        return 'wait'
    if target == 'reject' and writes_to_lists is None:
        return 'ask'
    return 'ready' if met['volume'] else 'decide'
