"""What real mail teaches is read before domains are looked at; whatever goes wrong with it stops no check."""

from ..sending.rejections import read_rejections
from .isolation import isolated


def learn_numbers(env):
    """Read how much each sending path is used."""
    Sent = env['mail.domain.health.sent'].sudo()
    with isolated(env):
        Sent._sum_up()
        Sent._update_paths()


def learn_rejections(env, companies):
    """Read what receivers said of the mail of these companies."""
    with isolated(env):
        read_rejections(env, companies.sudo())
