"""A real mail server for Odoo's tests; where none is installed (dev/suite_apps.py brings one) they are skipped."""

import importlib.util
import unittest
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tools import config, mute_logger

HAS_SINK = importlib.util.find_spec('aiosmtpd') is not None
needs_sink = unittest.skipUnless(HAS_SINK, "needs a mail server: ./dev/test apps, ./dev/test sending")
LOGGERS = ('odoo.addons.mail.models.mail_mail', 'odoo.addons.base.models.ir_mail_server')


class SinkCase:
    """Mixed into a test case of Odoo's: ``self.sink`` takes mail at :attr:`ports` ports, and core really sends."""

    ports = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from ..mailauth.tests.smtp_sink import SmtpSink  # not where aiosmtpd is missing

        cls.sink = SmtpSink(cls.ports)
        cls.sink.__enter__()
        cls.addClassCleanup(cls.sink.__exit__)
        options = {name: config[name] for name in ('smtp_server', 'smtp_port')}
        cls.addClassCleanup(lambda: [config.__setitem__(name, value) for name, value in options.items()])
        config['smtp_server'], config['smtp_port'] = cls.sink.addresses[-1]  # that of the configuration file

    @contextmanager
    def sending(self):
        """Within, Odoo sends as if it were no test; core logs each refusal with its traceback."""
        with patch.object(self.env.registry['ir.mail_server'], '_disable_send', lambda _model: False), mute_logger(*LOGGERS):
            yield

    @classmethod
    def make_server(cls, name, port=0, **values):
        """Return a new outgoing mail server that leads to the given port of the sink."""
        host, number = cls.sink.addresses[port]
        return cls.env['ir.mail_server'].create({
            'name': name, 'smtp_host': host, 'smtp_port': number, 'smtp_encryption': 'none', **values})
