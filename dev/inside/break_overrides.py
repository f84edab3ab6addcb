"""Breaks our overrides of Odoo's sending and receiving, one after the other, and looks whether core's tests notice.

A run of core's tests beside this module proves something only if it turns red where an override is wrong.
"""

from contextlib import contextmanager

import odoo.modules.module
from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite

OURS = "odoo.addons.mail_domain_health."
MODELS = ("ir.mail_server", "mail.mail", "mail.thread")
# What follows a record's life and not a mail's way; our own tests look after it.
NOT_SENDING = ("create", "write", "unlink")


class Passed(OdooTestResult):
    """Remembers which tests passed."""

    def __init__(self):
        super().__init__()
        self.passed = set()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed.add(test.id())


class _Noticed(OdooTestResult):
    """Stops at the first test that fails and passed before."""

    def __init__(self, passed):
        super().__init__()
        self.passed = passed
        self.by = None

    def addError(self, test, err):
        super().addError(test, err)
        name = getattr(test, "test_case", test).id()
        if name in self.passed or name.startswith("setUpClass"):
            self.by = self.by or name
            self.shouldStop = True

    addFailure = addError


def breakages(registry):
    """Yield (name, context manager): each override that does not ask core any more, and Honor that is never off."""
    for model in MODELS:
        classes = registry[model].__mro__
        for index, definition in enumerate(classes):
            if not definition.__module__.startswith(OURS):
                continue
            for name, method in vars(definition).items():
                overrides = any(name in vars(other) for other in classes[index + 1:])
                if callable(method) and overrides and name not in NOT_SENDING and not name.startswith("__"):
                    yield f"{model}: {name} does nothing", _replaced(definition, name, lambda *_args, **_kwargs: None)
    server = registry["ir.mail_server"]
    yield "ir.mail_server: the legacy parameters count without being asked for", _replaced(
        server, "_get_decided_sender", lambda self, email_from, mail_server=None: "broken@override.example")


@contextmanager
def _replaced(definition, name, method):
    missing = object()
    original = vars(definition).get(name, missing)
    setattr(definition, name, method)
    try:
        yield
    finally:
        if original is missing:
            delattr(definition, name)
        else:
            setattr(definition, name, original)


def run(registry, load_tests, passed, write):
    """Run core's tests once for each breakage; `write(test, outcome, why)` tells whether any of `passed` failed."""
    for name, broken in breakages(registry):
        result = _Noticed(passed)
        with broken:
            odoo.modules.module.current_test = True
            OdooSuite(load_tests())(result)
            odoo.modules.module.current_test = False
        test = f"core's tests notice a broken override ({name})"
        if result.by:
            write(test, "passed", f"by {result.by}")
        else:
            write(test, "failed", "Every test of core passed, although this override was broken on purpose.")
