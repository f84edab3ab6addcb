"""The Python that these programs run in: one that Odoo 19 and the pinned packages know, or a plain sentence."""

import os
import shutil
import sys

OLDEST, NEWEST = (3, 10), (3, 13)


def choose():
    """Continues in another `python3.x` of PATH where this one is too old or too new; nothing is downloaded before."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        other = shutil.which("python3.%d" % minor)
        if other:
            os.execv(other, [other, "-B", *sys.argv])
    sys.exit("Python 3.%d to 3.%d is needed, and none is on PATH (Odoo 19 does not run on others): this is %s." % (
        OLDEST[1], NEWEST[1], sys.version.split()[0]))
