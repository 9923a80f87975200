"""A campaign's first SQL and first win: a good word to both sides."""

from __future__ import annotations

from bot.domain.milestone import What
from bot.ports import Message
from bot.services.milestones import WORDS, MilestoneShown
from bot.views.blocks import context, section
from bot.views.lead_lines import who
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn

NAME, CAMPAIGN = 60, 100
SIGNS = {What.SQL: "🎯", What.WIN: "🏆"}


def render_milestone(shown: MilestoneShown) -> Message:
    """What was reached, with whom, and whom to thank; one that was a mistake says so, and is not told again."""
    title = title_line(shown)
    if shown.corrected:
        text = mrkdwn("Corrected: {title}", title=title)
        said = mrkdwn("~{title}~\nCorrected: it was logged by mistake.", title=title)
        return Message(text=text, blocks=[section(said)])
    line = lead_line(shown)
    lines = [mrkdwn("{sign} *{title}*", sign=SIGNS[shown.what], title=title), line]
    blocks = [section(join(lines)), context(thanks(shown))]
    return Message(text=mrkdwn("{title}: {thanks}", title=title, thanks=thanks(shown)), blocks=blocks)


def title_line(shown: MilestoneShown) -> Mrkdwn:
    """`First win of Spring webinar`."""
    what = WORDS[shown.what].replace("first", "First")
    return mrkdwn("{what} of {campaign}", what=what, campaign=escape(shown.campaign, CAMPAIGN))


def lead_line(shown: MilestoneShown) -> Mrkdwn:
    lead = who(shown.lead_name, None, shown.company)
    if shown.amount is None:
        return lead
    return mrkdwn("{lead}: {amount}", lead=lead, amount=escape(shown.amount, NAME))


def thanks(shown: MilestoneShown) -> Mrkdwn:
    """Whom it is owed to, on both sides."""
    rep = escape(shown.rep or "sales", NAME)
    if shown.marketer is None:
        return mrkdwn("Worked by {rep}", rep=rep)
    return mrkdwn("Brought by {marketer}, worked by {rep}", marketer=escape(shown.marketer, NAME), rep=rep)
