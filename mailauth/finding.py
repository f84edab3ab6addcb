"""Findings: what a check noticed, as a code with parameters. Texts for people live with whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from .status import Word
from .value import dataclass


class Severity(Word):
    """How much a finding matters by itself; the color of a domain comes from its verdict, not from this.

    In a report it is no error where the verdict says that mail arrives all the same.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Kind:
    """A row of the table of finding codes: one English sentence for mail engineers, and the source of the rule."""

    severity: Severity
    meaning: str
    source: str


@dataclass(frozen=True)
class Finding:
    """One thing noticed about one name.

    ``code`` is a key of :data:`mailauth.codes.CODES`; ``params`` are the values that a
    text about it names (JSON types only, at most a few hundred characters each);
    ``span`` is the half-open range of characters in ``record`` that it is about.
    """

    code: str
    name: str
    params: Mapping[str, object] = field(default_factory=dict)
    record: str | None = None
    span: tuple[int, int] | None = None
