"""One question and its way over the name servers until it has an answer or has failed.

The first server that is not known to be dead is asked. When it stays silent for a while,
the next one is asked as well (or it again, if it is the only one), with growing pauses;
every one of them may still answer. A failure
(SERVFAIL, REFUSED, nobody listens) moves on to the next server at once, and comes back to
the same one after a short pause. All ends after ``attempts`` times ``timeout`` seconds,
and one wait more for each further server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

import dns.edns
import dns.rcode

from . import wire
from .answer import Answer, Status
from .transport import Server, ask_tcp

if TYPE_CHECKING:
    from .session import Session

SERVFAIL_TRIES = 3  # at least, over all servers: a failure of the moment is common and cheap to ask again
PAUSE = 0.05  # seconds before a server that failed is asked again, doubled each time
WAIT = 0.35  # seconds of silence until the next server, or the only one, is asked (again)
GROWTH = 1.5  # of the wait, from one round over the servers to the next: five questions in four seconds
_TELLING = (Status.SERVFAIL, Status.REFUSED, Status.TIMEOUT)  # which of several failures is reported

# Extended errors by which a server says that its answer is not the domain's (RFC 8914 §4.5, §4.16 to §4.18, §4.20).
_FALSIFIED = frozenset({4, 15, 16, 17, 19})

Done = Callable[[Answer, "str | None"], None]


class Question(NamedTuple):
    """What is asked, ready to be sent."""

    name: str
    rdtype: str
    number: int  # of the type
    section: bytes  # the question section
    flags: int  # of the query's header

    def query(self, edns: bool) -> bytes:
        """The message without its id."""
        return wire.encode_query(self.section, self.flags, edns)


class _Attempts:
    """What one server has been asked and has said to this question."""

    __slots__ = ("detail", "errors", "failures", "limit", "plain", "sent", "server", "status")

    def __init__(self, server: Server, limit: int) -> None:
        self.server = server
        self.limit = limit  # failures after which it is not asked any more
        self.sent = 0
        self.failures = 0
        self.plain = False  # whether it has to be asked without EDNS
        self.status = Status.TIMEOUT
        self.detail = ""
        self.errors: tuple[int, ...] = ()


class Exchange:
    """Asks one question of some servers, then calls ``done(answer, unfollowed)`` exactly once.

    ``unfollowed`` is the name at which the chain of aliases stopped short of an answer, or
    ``None``. ``leave`` is called once when the question gives its place to others: at its
    end, or after the first silence, for a dead zone must not hold back the living.
    """

    __slots__ = ("_attempts", "_done", "_end", "_leave", "_listening", "_loop", "_patient_for", "_question",
                 "_session", "_silent", "_tasks", "_timer", "_turn")

    def __init__(
        self, session: Session, question: Question, servers: list[Server], done: Done, leave: Callable[[], None],
    ) -> None:
        self._session = session
        self._loop = session.loop
        self._question = question
        self._attempts = [_Attempts(server, session.attempts) for server in servers]
        if len(servers) > 1:  # dead ones last: they do not cost every question its wait
            self._attempts.sort(key=lambda attempt: attempt.server.dead)
        self._done: Done | None = done
        self._leave: Callable[[], None] | None = leave
        self._listening: list[tuple[_Attempts, tuple]] = []
        self._tasks: list[asyncio.Task] = []
        # Of these two one at most is set: what was sent first has the session's timer, all else one of its own.
        self._patient_for: tuple | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._silent: _Attempts | None = None  # whom it waits for
        self._turn = 0
        self._end = 0.0

    def start(self) -> None:
        """Ask the first server."""
        if self._done is None:
            return
        attempts = self._attempts
        if not attempts:
            self._finish(self._failure(Status.TIMEOUT, self._session.no_servers))
            return
        session = self._session
        self._end = self._loop.time() + session.timeout * session.attempts
        if len(attempts) > 1:
            self._end += (len(attempts) - 1) * min(WAIT, session.timeout)
        self._send(attempts[0])

    def abandon(self) -> None:
        """Stop without an answer: the session ends."""
        self._done = None
        self._stop()

    # Sending

    def _send(self, attempt: _Attempts) -> None:
        session, server, question = self._session, attempt.server, self._question
        attempt.sent += 1
        session.questions += 1
        if session.ask is not None or server.nameserver.url:
            self._run(attempt, self._ask(attempt), "")
            return
        turn = self._turn
        self._turn += 1
        # Some old firewalls drop what has EDNS: after two silences it is left away.
        plain = attempt.plain or not server.edns or (attempt.sent > 2 and not server.answered)
        try:
            sent = server.send(question.query(not plain), self, attempt)
        except OSError as error:
            self._fail(attempt, Status.TIMEOUT, error.strerror or "network error")
            return
        self._listening.append((attempt, sent))
        self._silent = attempt
        self._stop_waiting()
        if turn == 0:
            self._patient_for = sent
            session.be_patient(min(WAIT, session.timeout), self, sent)
        else:
            wait = min(WAIT * GROWTH ** (turn // len(self._attempts)), session.timeout)
            self._timer = self._loop.call_at(min(self._loop.time() + wait, self._end), self.silence)

    def waits_for(self, sent: tuple) -> bool:
        """See :meth:`mailauth.dns.session.Session.be_patient`."""
        return self._patient_for is sent

    def silence(self) -> None:
        """Nobody has answered for a while: ask the next one."""
        self._timer = self._patient_for = None
        attempt, self._silent = self._silent, None
        if attempt is not None:
            attempt.server.silences += 1
        self._make_room()
        self._next()

    def _stop_waiting(self) -> None:
        self._patient_for = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _next(self) -> None:
        """Ask whom it makes sense to ask next, or give up."""
        candidates = [attempt for attempt in self._attempts if attempt.failures < attempt.limit]
        if len(candidates) < len(self._attempts):
            # Somebody has answered, if only with a failure: the dead are not worth the wait.
            candidates = [a for a in candidates if not (a.server.dead and a.sent)]
        if not candidates or self._loop.time() >= self._end:
            self._give_up()
            return
        attempt = min(candidates, key=lambda a: a.sent)
        if attempt.failures:
            pause = PAUSE * (1 << attempt.failures - 1)
            self._silent = None
            self._timer = self._loop.call_later(pause, self._again, attempt)
        else:
            self._send(attempt)

    def _again(self, attempt: _Attempts) -> None:
        self._timer = None
        if self._loop.time() >= self._end:
            self._give_up()
        else:
            self._send(attempt)

    # Messages over streams, each in a task of its own

    async def _ask(self, attempt: _Attempts) -> bytes:
        session, server = self._session, attempt.server
        # Caches on the way know a question by its octets: the id is zero (RFC 8484 §4.1).
        query = b"\x00\x00" + self._question.query(server.edns and not attempt.plain)
        if session.ask is not None:
            asked = session.ask(query, server.nameserver, session.timeout)
        else:
            asked = session.https.ask(server.nameserver.url, query, session.timeout)
        return await asyncio.wait_for(asked, session.timeout)

    async def _ask_tcp(self, attempt: _Attempts) -> bytes:
        server = attempt.server
        number = self._session.ids.next().to_bytes(2, "big")
        query = number + self._question.query(server.edns and not attempt.plain)
        message = await ask_tcp(server, query, self._session.timeout)
        if message[:2] != number:
            raise OSError("an answer with another id")
        return message

    def _run(self, attempt: _Attempts, asked: Awaitable[bytes], after: str) -> None:
        """Wait for a message; ``after`` says what made it necessary."""
        self._stop_waiting()
        task = self._loop.create_task(self._arrive(attempt, asked, after))
        self._tasks.append(task)
        self._session.keep(task)

    async def _arrive(self, attempt: _Attempts, asked: Awaitable[bytes], after: str) -> None:
        try:
            message = await asked
            reason = ""
        except asyncio.TimeoutError:
            reason = "no answer"
        except OSError as error:
            reason = error.strerror or str(error)[:200] or type(error).__name__
        except Exception as error:  # noqa: BLE001 - the ask seam is somebody else's code
            reason = f"{type(error).__name__}: {str(error)[:200]}"
        if self._done is None:
            return
        if reason:
            self._make_room()
            self._fail(attempt, Status.TIMEOUT, after + reason)
        elif not wire.answers_question(message, self._question.section):
            self._fail(attempt, Status.SERVFAIL, after + "an answer to another question")
        else:
            self._take(attempt, message, streamed=True)

    # Receiving

    def datagram(self, attempt: _Attempts, message: bytes) -> None:
        """See :class:`mailauth.dns.transport.Receiver`."""
        if not wire.answers_question(message, self._question.section) and not (
            # A server older than EDNS may answer with the bare header (RFC 6891 §7).
            len(message) == 12 and message[2] & 0x80 and message[3] & 15 == wire.FORMERR
        ):
            # A forgery must not end the wait (RFC 5452 §3).
            attempt.detail = "only answers that do not fit the question"
            return
        attempt.server.silences = 0
        attempt.server.answered = True
        self._take(attempt, message, streamed=False)

    def unreachable(self, attempt: _Attempts, reason: str) -> None:
        """See :class:`mailauth.dns.transport.Receiver`."""
        attempt.server.silences += 1
        self._fail(attempt, Status.TIMEOUT, reason)

    def _take(self, attempt: _Attempts, message: bytes, streamed: bool) -> None:
        """Read an answer that is ours."""
        question = self._question
        if message[3] & 15 in (wire.FORMERR, wire.NOTIMP) and message[10:12] == b"\x00\x00" and not attempt.plain:
            self._without_edns(attempt)
            return
        try:
            reply = wire.decode(message, question.name, question.number, len(question.section))
        except wire.Malformed:
            self._fail(attempt, Status.SERVFAIL, "an answer that cannot be read")
            return
        if reply.truncated:
            if streamed:
                self._fail(attempt, Status.SERVFAIL, "a truncated answer, where there is no need")
            else:
                self._drop(attempt)
                self._session.questions += 1
                self._run(attempt, self._ask_tcp(attempt), "truncated, and over TCP: ")
        elif reply.rcode == wire.BADVERS and not attempt.plain:
            self._without_edns(attempt)
        elif reply.rcode not in (wire.NOERROR, wire.NXDOMAIN):
            status = Status.REFUSED if reply.rcode == wire.REFUSED else Status.SERVFAIL
            detail = "; ".join([_rcode_text(reply.rcode), *(_error_text(*error) for error in reply.errors)])
            attempt.errors = tuple(code for code, _ in reply.errors)
            self._fail(attempt, status, detail)
        elif not _FALSIFIED.isdisjoint(code for code, _ in reply.errors):
            attempt.limit = 1
            attempt.errors = tuple(code for code, _ in reply.errors)
            self._fail(attempt, Status.REFUSED, "; ".join(_error_text(*error) for error in reply.errors))
        elif reply.problem or reply.referral:
            attempt.limit = 1  # asking again will not change it
            self._fail(attempt, Status.SERVFAIL, reply.problem or "referral")
        else:
            self._accept(attempt.server, reply)

    def _without_edns(self, attempt: _Attempts) -> None:
        attempt.plain = True
        attempt.server.edns = False
        self._drop(attempt)
        self._send(attempt)

    def _accept(self, server: Server, reply: wire.Reply) -> None:
        unfollowed = None
        records: tuple = ()
        if reply.rcode == wire.NXDOMAIN:
            status = Status.NXDOMAIN
        elif reply.records:
            status, records = Status.OK, reply.records
        else:
            status = Status.NODATA
            if reply.aliases and reply.negative_ttl is None:
                unfollowed = reply.end
        question = self._question
        answer = Answer(
            question.name, question.rdtype, status, records, reply.ttl, reply.aliases, server.label,
            reply.authenticated, reply.authoritative, None if records else reply.soa_owner, "", reply.size,
            alias_beside=reply.alias_beside, own_records=reply.records if reply.alias_beside else (),
        )
        self._finish(answer, unfollowed)

    # Ending

    def _fail(self, attempt: _Attempts, status: Status, detail: str) -> None:
        """Note that a server failed, and go on."""
        self._drop(attempt)
        self._stop_waiting()
        attempt.failures += 1
        attempt.status, attempt.detail = status, detail
        if status is Status.SERVFAIL and attempt.limit > 1:
            attempt.limit = max(attempt.limit, -(-SERVFAIL_TRIES // len(self._attempts)))
        self._next()

    def _give_up(self) -> None:
        asked = [attempt for attempt in self._attempts if attempt.sent]
        worst = min(asked, key=lambda attempt: _TELLING.index(attempt.status))
        detail = "; ".join(f"{attempt.server.label}: {attempt.detail or 'no answer'}" for attempt in asked)
        self._finish(self._failure(worst.status, detail[:500], worst.server.label, worst.errors))

    def _failure(self, status: Status, detail: str, server: str | None = None, errors: tuple = ()) -> Answer:
        question = self._question
        return Answer(question.name, question.rdtype, status, server=server, detail=detail, extended_errors=errors)

    def _finish(self, answer: Answer, unfollowed: str | None = None) -> None:
        done, self._done = self._done, None
        if done is not None:
            self._stop()
            done(answer, unfollowed)

    def _stop(self) -> None:
        self._stop_waiting()
        for attempt, sent in self._listening:
            attempt.server.forget(sent)
        self._listening.clear()
        if self._tasks:
            current = asyncio.current_task()
            for task in self._tasks:
                if task is not current:
                    task.cancel()
        self._make_room()

    def _drop(self, attempt: _Attempts) -> None:
        """Listen no more to one server."""
        for heard in [heard for heard in self._listening if heard[0] is attempt]:
            attempt.server.forget(heard[1])
            self._listening.remove(heard)

    def _make_room(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()


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
