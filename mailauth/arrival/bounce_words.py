"""The words by which reports about other mail are known, where they follow no standard (see :mod:`.bounce`)."""

from __future__ import annotations

import re


def any_of(*phrases: str) -> re.Pattern[str]:
    """One pattern for all of them, whatever the case; ``^`` and ``$`` are those of lines."""
    return re.compile("|".join(phrases), re.IGNORECASE | re.MULTILINE)


DAEMON = any_of(r"\b(?:mailer[-_. ]?daemon|mail[-_]?daemon|mail-?deliver(?:y|er)?)\b", r"^mdaemon\b")
# Servers write as these, and so do shops and people: an envelope sender, which no report has, tells them apart.
NO_PERSON = any_of(r"\b(?:post[-_]?master|no-?reply|sysadmin)\b")
FAILED = any_of(
    r"(?:could|can) ?not be delivered", r"couldn'?t be delivered", r"(?:was|were|is) not delivered",
    r"wasn'?t (?:able to deliver|delivered)", r"(?:unable|failed|trouble|error|attempting|trying) (?:to )?deliver",
    r"error (?:occurred while|delivering)", r"did ?not reach the following", r"deliver\w* (?:to|has|of|\w+ ?)?.{0,60}failed",
    r"undeliver(?:ed|able)", r"non-delivered", r"mailfolder is full", r"returned mail", r"failure (?:notice|reasons)",
    r"(?:had|permanent|fatal) (?:permanent |fatal )?(?:delivery )?(?:problems|errors?)\b", r"transcript of session follows",
    r"recipients? (?:was|were) rejected", r"^unknown user:", r"^error: ", r"mailbox .{0,40}(?:full|unavailable)",
    r"delivery (?:status notification|failure|error)", r"delivery status notice", r"mail delivery failed",
    r"incorrectly\s+constructed", r"^received >>> [45]\d\d ",
    # The same in the languages that large servers write.
    r"nicht (?:zugestellt|zustellbar|ausgeliefert)", r"konnte nicht .{0,60}zugestellt", r"unzustellbar",
    r"n'a (?:pas|pu) .{0,40}(?:remis|distribu|livr|délivr)", r"non[- ]?(?:remis|distribu)", r"échec de (?:la )?remise",
    r"no (?:se )?(?:ha podido|pudo|pudimos) .{0,40}entreg", r"no entregad", r"impossibile (?:recapitare|consegnare)",
    r"mancat[ao] (?:recapito|consegna)", r"non (?:è|e'|e) stato .{0,30}(?:recapitat|consegnat)",
    r"não (?:foi|pôde|pode) .{0,40}entreg", r"kon(?:den)? niet .{0,40}(?:worden )?(?:bezorgd|afgeleverd)",
    r"не (?:может быть|было|удалось) .{0,30}доставл", r"не доставлено", r"送信できませんでした",
    r"配信できませんでした", r"送信に失敗", r"投稿できなかった",
    r"无法(?:投递|送达|发送)", r"退信", r"nie (?:mogła|można|została) .{0,30}dostarcz")
LATE = any_of(
    r"delayed", r"warning(?: message)? only", r"still being (?:re)?tr", r"(?:has|have) not (?:yet )?been delivered",
    r"could not (?:be delivered|send (?:the )?message) for (?:the )?(?:past |more |last )?.{0,20}(?:hour|minute|day)s?\b"
    r"(?s:.{0,120})(?:retr|try)",
    r"will (?:be re-?tried|be attempted again|keep trying|continue to (?:try|retry))", r"delivery (?:is )?(?:incomplete|delay)",
    r"\((?:delay|delayed)\)", r"verzögert", r"retardé", r"retrasad", r"ritardat|ritardo", r"задержан")
GIVEN_UP = any_of(
    r"permanent(?:ly)?\b", r"given up", r"give up", r"giving up", r"(?:will|has) not be(?:en)? retried",
    r"no further (?:delivery )?attempt")
# Where a report begins to repeat the mail that it is about.
COPY = any_of(
    r"^-{2,}.{0,12}(?:below this line|this is (?:a|the) (?:copy|header)|original message|unsent message|returned message"
    r"|message header).*$",
    r"^-{2,} the header of the original.*$", r"^original message (?:follows|headers?).*$", r"^message header follows.*$",
    r"^message as follows.*$", r"^received: .*$")
