"""One question and its way over the name servers, as a state machine without I/O.

Whoever drives it (:mod:`mailauth.dns.session`; a test can) sends what it asks for, keeps the time, and tells it what
came of it: a response, an error, or silence. Each time it says by a :class:`Step` what it wants next.
Most questions have a short life: the first server that is asked answers, and that is that. The session sees to these by
itself, with :func:`settle`, and makes an exchange where there is more to it.

The first server that is not known to be dead is asked. When it stays silent for a while,
the next one is asked as well (or it again, if it is the only one), with growing pauses;
every one of them may still answer. A failure
(SERVFAIL, REFUSED, nobody listens) moves on to the next server at once, and comes back to
the same one after a short pause. All ends after ``attempts`` times ``timeout`` seconds,
and one wait more for each further server.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

import dns.edns
import dns.rcode

from . import wire
from .answer import Answer, Status
from .nameserver import Nameserver

SERVFAIL_TRIES = 3  # at least, over all servers: a failure of the moment is common and cheap to ask again
PAUSE = 0.05  # seconds before a server that failed is asked again, doubled each time
WAIT = 0.35  # seconds of silence until the next server, or the only one, is asked (again)
GROWTH = 1.5  # of the wait, from one round over the servers to the next: five questions in four seconds
DEAD = 3  # silences in a row after which others are asked first
FAILURES = 3  # questions in a row that a server has failed at, or was silent, after which it may be left alone for a while
REST = 60.0  # seconds of that, doubled with each further failure
MAX_REST = 6 * 3600.0
_TELLING = (Status.SERVFAIL, Status.REFUSED, Status.TIMEOUT)  # which of several failures is reported

# Extended errors by which a server says that its answer is not the domain's (RFC 8914 §4.5, §4.16 to §4.18, §4.20).
_FALSIFIED = frozenset({4, 15, 16, 17, 19})

# What a question brings: the answer, and the name at which the servers stopped following aliases, if they did.
Outcome = tuple[Answer, "str | None"]


class Step(enum.Enum):
    """What an exchange wants next. Each but ``LISTEN`` takes the place of the one before, timer included."""

    ASK = "ask"  # send the query to the server of ``attempt``; after ``wait`` seconds without an answer ``on_timeout``
    ASK_TCP = "ask over TCP"  # the same over TCP: what came was cut off
    PAUSE = "pause"  # ``on_timeout`` after ``wait`` seconds
    LISTEN = "listen"  # go on: what came was no answer
    DONE = "done"  # ``outcome`` is there


class ServerState:
    """What is known of one name server for the length of a session."""

    def __init__(self, nameserver: Nameserver) -> None:
        self.nameserver = nameserver
        self.label = str(nameserver)
        self.edns = True
        self.no_tcp = False  # whether it could not be asked over TCP, the last time
        self.answered = False  # ever
        self.silences = 0  # waits in a row that nothing ended
        self.failures = 0  # questions in a row to which it said nothing, or only SERVFAIL and the like
        self.rests_until = 0.0  # when it is worth to be asked again, by the driver's clock

    @property
    def dead(self) -> bool:
        """Whether it has been silent so often that others are asked first."""
        return self.silences >= DEAD

    def fails(self, now: float) -> None:
        """It has failed at a question."""
        self.failures += 1
        if self.failures >= FAILURES:
            self.rests_until = now + min(REST * 2.0 ** min(self.failures - FAILURES, 20), MAX_REST)


class Attempt:
    """What one server has been asked and has said to one question."""

    # Most are asked once and answer: only what differs from this is set.
    sent = 0
    failures = 0
    plain = False  # whether it has to be asked without EDNS
    large = False  # whether it may answer in a packet that has to be fragmented
    no_tcp = ""  # why the rest of a truncated answer could not be had over TCP
    is_well = False  # whether it has answered, if by what is of no use here: a referral, a refusal
    status = Status.TIMEOUT
    detail = ""
    errors: tuple[int, ...] = ()

    def __init__(self, server: ServerState, limit: int) -> None:
        self.server = server
        self.limit = limit  # failures after which it is not asked any more


def settle(reply: wire.Reply, name: str, rdtype: str, server: str) -> Outcome:
    """What the reply of a server says about the question, where nothing is wrong with it (``reply.is_plain``, or told apart)."""
    records: tuple = ()
    if reply.rcode == wire.NXDOMAIN:
        status = Status.NXDOMAIN
    elif reply.records:
        status, records = Status.OK, reply.records
    else:
        status = Status.NODATA
    unfollowed = reply.end if status is Status.NODATA and reply.aliases and reply.negative_ttl is None else None
    return Answer(
        name, rdtype, status, records, reply.ttl, reply.aliases, server,
        reply.authenticated, reply.authoritative, None if records else reply.soa_owner,
        None if records else reply.minimum, "", reply.size,
        (), reply.alias_beside, reply.records if reply.alias_beside else (),
    ), unfollowed


class Exchange:
    """Asks one question (a name as A-labels, a type with its number, the header's flags) of some servers.

    ``timeout`` is in seconds, for one attempt; ``attempts`` is how many a server gets; ``no_servers`` is the detail of the
    answer where there is nobody to ask. ``now`` is everywhere the driver's clock, in seconds. After :attr:`Step.DONE`
    ``outcome`` is set, for good.
    """

    outcome: Outcome | None = None
    wait = 0.0
    turn = 0  # how many times somebody was asked
    _silent: Attempt | None = None  # whom it waits for
    _end = 0.0

    def __init__(
        self, name: str, rdtype: str, number: int, flags: int, servers: Sequence[ServerState], timeout: float, attempts: int,
        no_servers: str = "",
    ) -> None:
        self.name = name
        self.rdtype = rdtype
        self.number = number
        self.flags = flags
        self.section = wire.encode_question(name, number)
        self._timeout = timeout
        self._tries = attempts
        self._no_servers = no_servers
        self._attempts = [Attempt(server, attempts) for server in servers]

    def start(self, now: float, asked: ServerState | None = None) -> Step:
        """Ask the first server; ``asked`` is one that was asked already, at that time."""
        attempts = self._attempts
        if not attempts:
            return self._finish(self._failure(Status.TIMEOUT, self._no_servers))
        self._end = now + self._timeout * self._tries
        if len(attempts) > 1:
            # Dead ones do not cost every question its wait.
            attempts.sort(key=lambda attempt: (attempt.server is not asked, attempt.server.dead))
            self._end += (len(attempts) - 1) * min(WAIT, self._timeout)
        return self._ask(attempts[0], now)

    @property
    def is_silent(self) -> bool:
        """Whether it waits for an answer; what runs is a pause otherwise."""
        return self._silent is not None

    def query(self, *, streamed: bool = False) -> bytes:
        """The message for the server of ``attempt``, without its id."""
        attempt = self.attempt
        server = attempt.server
        plain = attempt.plain or not server.edns
        if not streamed:
            # Some old firewalls drop what has EDNS: after two silences it is left away.
            plain = plain or attempt.sent > 2 and not server.answered
        return wire.encode_query(self.section, self.flags, not plain, attempt.large)

    # What came of it

    def on_response(self, attempt: Attempt, message: bytes, now: float, *, streamed: bool = False) -> Step:
        """A message came from the server of ``attempt``, with the right id; it may still be a forgery."""
        section = self.section
        if not wire.answers_question(message, section):
            if streamed:
                return self._fail(attempt, Status.SERVFAIL, "an answer to another question", now)
            if not (len(message) == 12 and message[2] & 0x80 and message[3] & 15 == wire.FORMERR):
                # A forgery must not end the wait (RFC 5452 §3).
                attempt.detail = "only answers that do not fit the question"
                return Step.LISTEN
            # A server older than EDNS may answer with the bare header (RFC 6891 §7).
        if streamed:
            attempt.server.no_tcp = False
        else:
            attempt.server.silences = 0
            attempt.server.answered = True
        if message[3] & 15 in (wire.FORMERR, wire.NOTIMP) and message[10:12] == b"\x00\x00" and not attempt.plain:
            return self._without_edns(attempt, now)
        try:
            reply = wire.decode(message, self.name, self.number, len(section))
        except wire.Malformed:
            return self._fail(attempt, Status.SERVFAIL, "an answer that cannot be read", now)
        return self._judge(attempt, reply, now, streamed)

    def _judge(self, attempt: Attempt, reply: wire.Reply, now: float, streamed: bool) -> Step:
        """What to make of a reply, which may be a failure."""
        codes = tuple(code for code, _ in reply.errors)
        if reply.truncated:
            if streamed:
                return self._fail(attempt, Status.SERVFAIL, "a truncated answer, where there is no need", now)
            return self._truncated(attempt, now)
        if reply.rcode == wire.BADVERS and not attempt.plain:
            return self._without_edns(attempt, now)
        # Who refuses has nothing against being asked, only nothing to say of this zone: whoever owns one may point it there.
        attempt.is_well = reply.rcode in (wire.NOERROR, wire.NXDOMAIN, wire.REFUSED)
        if reply.rcode not in (wire.NOERROR, wire.NXDOMAIN):
            status = Status.REFUSED if reply.rcode == wire.REFUSED else Status.SERVFAIL
            detail = "; ".join([_rcode_text(reply.rcode), *(_error_text(*error) for error in reply.errors)])
            attempt.errors = codes
            return self._fail(attempt, status, detail, now)
        if not _FALSIFIED.isdisjoint(codes):
            attempt.limit = 1
            attempt.errors = codes
            return self._fail(attempt, Status.REFUSED, "; ".join(_error_text(*error) for error in reply.errors), now)
        if reply.problem or reply.referral:
            attempt.limit = 1  # asking again will not change it
            return self._fail(attempt, Status.SERVFAIL, reply.problem or "referral", now)
        attempt.server.failures = 0
        answer, unfollowed = settle(reply, self.name, self.rdtype, attempt.server.label)
        return self._finish(answer, unfollowed)

    def on_error(self, attempt: Attempt, reason: str, now: float, *, silent: bool = False) -> Step:
        """The query could not leave, or the network says that it leads nowhere; ``silent``: nobody listens there."""
        if silent:
            attempt.server.silences += 1
        return self._fail(attempt, Status.TIMEOUT, reason, now)

    def on_no_tcp(self, attempt: Attempt, reason: str, now: float) -> Step:
        """The rest of a truncated answer cannot be had over TCP."""
        attempt.server.no_tcp = True
        attempt.no_tcp = attempt.detail = reason
        if attempt.large or attempt.plain or not attempt.server.edns or now >= self._end:
            return self._fail(attempt, Status.TIMEOUT, reason, now)
        attempt.large = True
        return self._ask(attempt, now)

    def on_timeout(self, now: float) -> Step:
        """Nobody has answered for ``wait`` seconds, or a pause is over."""
        attempt, self._silent = self._silent, None
        if attempt is not None:
            attempt.server.silences += 1
            return self._next(now)
        return self._give_up(now) if now >= self._end else self._ask(self.attempt, now)

    # The way over the servers

    def _ask(self, attempt: Attempt, now: float) -> Step:
        self.attempt = self._silent = attempt
        attempt.sent += 1
        turn = self.turn
        self.turn = turn + 1
        if turn:
            wait = min(WAIT * GROWTH ** (turn // len(self._attempts)), self._timeout)
            self.wait = min(wait, self._end - now)
        else:  # the same for all questions: they can share a timer
            self.wait = min(WAIT, self._timeout)
        return Step.ASK

    def _next(self, now: float) -> Step:
        """Ask whom it makes sense to ask next, or give up."""
        candidates = [attempt for attempt in self._attempts if attempt.failures < attempt.limit]
        if len(candidates) < len(self._attempts):
            # Somebody has answered, if only with a failure: the dead are not worth the wait.
            candidates = [a for a in candidates if not (a.server.dead and a.sent)]
        if not candidates or now >= self._end:
            return self._give_up(now)
        attempt = min(candidates, key=lambda a: a.sent)
        if not attempt.failures:
            return self._ask(attempt, now)
        self.attempt, self._silent = attempt, None
        self.wait = PAUSE * (1 << attempt.failures - 1)
        return Step.PAUSE

    def _truncated(self, attempt: Attempt, now: float) -> Step:
        """The whole answer comes over TCP (RFC 7766 §5), or where that is shut, if at all, in a larger packet."""
        if attempt.no_tcp and not attempt.failures:  # just now
            return self._fail(attempt, Status.TIMEOUT, attempt.no_tcp, now)
        if attempt.server.no_tcp and attempt.server.edns and not (attempt.large or attempt.plain):
            attempt.large = True
            return self._ask(attempt, now)
        self.attempt, self._silent = attempt, None
        return Step.ASK_TCP

    def _without_edns(self, attempt: Attempt, now: float) -> Step:
        attempt.plain = True
        attempt.server.edns = False
        return self._ask(attempt, now)

    def _fail(self, attempt: Attempt, status: Status, detail: str, now: float) -> Step:
        """Note that a server failed, and go on."""
        attempt.failures += 1
        attempt.status, attempt.detail = status, detail
        if status is Status.SERVFAIL and attempt.limit > 1:
            attempt.limit = max(attempt.limit, -(-SERVFAIL_TRIES // len(self._attempts)))
        return self._next(now)

    # Ending

    def _give_up(self, now: float) -> Step:
        asked = [attempt for attempt in self._attempts if attempt.sent]
        for attempt in asked:
            if attempt.is_well:
                attempt.server.failures = 0
            else:
                attempt.server.fails(now)
        worst = min(asked, key=lambda attempt: _TELLING.index(attempt.status))
        detail = "; ".join(f"{attempt.server.label}: {attempt.detail or 'no answer'}" for attempt in asked)
        return self._finish(self._failure(
            worst.status, detail[:500], worst.server.label, worst.errors, bool(worst.no_tcp)))

    def _failure(
        self, status: Status, detail: str, server: str | None = None, errors: tuple[int, ...] = (), truncated: bool = False,
    ) -> Answer:
        return Answer(self.name, self.rdtype, status, server=server, detail=detail, extended_errors=errors, truncated=truncated)

    def _finish(self, answer: Answer, unfollowed: str | None = None) -> Step:
        self.outcome = answer, unfollowed
        return Step.DONE


def _rcode_text(rcode: int) -> str:
    try:
        return dns.rcode.to_text(dns.rcode.Rcode(rcode))
    except ValueError:
        return f"RCODE{rcode}"


def _error_text(code: int, text: str) -> str:
    """An extended error as ``EDE 6 DNSSEC_BOGUS "text"`` (RFC 8914 §4)."""
    try:
        name = f" {dns.edns.EDECode(code).name}"
    except ValueError:
        name = ""
    return f"EDE {code}{name}" + (f' "{text}"' if text else "")
