"""The demo's companies, for `odoo shell`: the story that DEMO_STORY names, told by demo_stories.py.

Run as often as you like: what is missing is added, and what is there stays as the user left it.
"""

import os
import sys

sys.path.insert(0, os.environ["DEMO_FOLDER"])

from demo_stories import tell

tell(env, os.environ["DEMO_STORY"])  # noqa: F821 - `odoo shell` gives it
