"""Runs chosen test files of core on a loaded database, whatever modules it has; outcomes as JSON lines.

Core's tests of outgoing mail are at_install: an ordinary run executes them before an add-on is there, and they
prove nothing about it. Arguments: Odoo's own; the files in $CORE_TESTS, as "mail.test_ir_mail_server ...".
With $CORE_BREAK our overrides are then broken, one by one: each time core's tests must notice.
"""

import os
import sys

import break_overrides
import record_odoo  # with what this patches, outcomes are written

import odoo.modules.module
import odoo.service.server
from odoo.modules.registry import Registry
from odoo.tests import loader
from odoo.tests.suite import OdooSuite
from odoo.tools import config

config.parse_config(sys.argv[1:], setup_logging=True)
odoo.service.server.load_server_wide_modules()
registry = Registry(config["db_name"][0])
config["test_enable"] = True  # not earlier: loading would run the tests of every module


def load_tests():
    wanted = os.environ["CORE_TESTS"].split()
    tests = []
    for module in sorted({name.partition(".")[0] for name in wanted}):
        for file in loader.get_test_modules(module):
            if f"{module}.{file.__name__.rpartition('.')[2]}" in wanted:
                tests += loader.get_module_test_cases(file)
    return tests


result = break_overrides.Passed()
odoo.modules.module.current_test = True
OdooSuite(load_tests())(result)
odoo.modules.module.current_test = False
if os.environ.get("CORE_BREAK"):
    with record_odoo.recording_stopped():
        break_overrides.run(registry, load_tests, result.passed, record_odoo.write)
record_odoo.write_end()
