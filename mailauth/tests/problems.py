"""A problem that a parser found in a text, for tests."""

from __future__ import annotations

from collections.abc import Callable


def problem_of(parse: Callable, text: str, code: str):
    """The one problem with this code."""
    (found,) = (problem for problem in parse(text).problems if problem.code == code)
    return found


def spanned(parse: Callable, text: str, code: str) -> str:
    """The part of the text that its span names."""
    begin, end = problem_of(parse, text, code).span
    return text[begin:end]
