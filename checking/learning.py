"""What real mail teaches is read before domains are looked at; whatever goes wrong with it stops no check."""

from ..sending.counting import update_paths
from ..sending.rejections import read_rejections
from ..sending.sent_rows import RETENTION_DAYS, sum_up
from .isolation import isolated
from .retention import get_days


def learn_numbers(env):
    """Read how much each sending path is used."""
    with isolated(env):
        sum_up(env(su=True), get_days(env, RETENTION_DAYS))
        update_paths(env(su=True))


def learn_rejections(env, companies):
    """Read what receivers said of the mail of these companies."""
    with isolated(env):
        read_rejections(env, companies.sudo())
