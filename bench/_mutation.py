"""One mistake that somebody could make, and the tests that must not let it pass."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """``old`` stands once in ``file`` and becomes ``new``.

    ``tests`` are pytest's arguments for the engine (``mailauth/tests/test_x.py -k name``) or, with a slash in front,
    Odoo's test tags (``/mail_domain_health:TestX.test_y``), or the arguments of ``dev/test`` for the suite ``faults``. ``why``
    explains one that no test can see.
    """

    file: str
    old: str
    new: str
    tests: str
    why: str = ""

    def applied_to(self, text: str) -> str:
        """The text with the mistake in it; raises ``ValueError`` where it does not fit."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file}: {text.count(self.old)} times: {self.old}")
        return text.replace(self.old, self.new)

    def __str__(self) -> str:
        return f"{self.file}: {_line(self.old)} -> {_line(self.new) or '(nothing)'}"


def _line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 70 else f"{text[:69]}…"
