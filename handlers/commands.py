"""`/lockstep`: alone a menu for one's role, and a few words for those who like to type; and `/note`."""

from __future__ import annotations

from bot.domain.local_time import local_date, spoken
from bot.domain.person import Person
from bot.errors import FormError, Refused
from bot.ports import Message
from bot.services import away, home, my_leads
from bot.views import menu
from bot.views.my_leads import render_my_leads
from bot.views.replies import render_reply
from handlers.agreement import AgreementHandlers
from handlers.campaign_alerts import CampaignAlertHandlers
from handlers.digests import DigestHandlers
from handlers.home import Homes
from handlers.lead_form import LeadFormHandlers
from handlers.notes import NoteHandlers
from handlers.payloads import Command
from handlers.person_settings import PersonSettingsHandlers
from handlers.search import SearchHandlers
from handlers.work_times import WorkTimesHandlers
from storage.database import Database

NOTE = "/note"
BACK = "Welcome back. Leads are offered to you again."
SHOWN = "Your Home is up to date. Open Lockstep under Apps in the sidebar and choose Home."
NOT_A_DAY = "Write the day like 2026-03-09: /lockstep away 2026-03-09. Without a day you are away until you are back."


class CommandHandlers:
    def __init__(
        self,
        db: Database,
        homes: Homes,
        *,
        lead_form: LeadFormHandlers,
        settings: PersonSettingsHandlers,
        hours: WorkTimesHandlers,
        agreement: AgreementHandlers,
        notes: NoteHandlers,
        digests: DigestHandlers,
        campaign_alerts: CampaignAlertHandlers,
        search: SearchHandlers,
    ) -> None:
        self._db = db
        self._homes = homes
        self._notes = notes
        self._search = search
        self._windows = {
            "lead": lead_form.open,
            "agreement": agreement.open,
            "campaign": campaign_alerts.open,
            "digests": digests.open,
            "find": search.open,
            "hours": hours.open,
            "notes": notes.mine,
            "settings": settings.open,
        }

    async def answer(self, command: Command) -> Message | None:
        """What the one who typed sees, after what they asked for was done; None when a form is the answer.

        Raises as the use cases do.
        """
        return await (self._notes.command(command) if command.command == NOTE else self._word(command))

    def to_give_back(self, command: Command) -> str:
        """What was typed and would be gone, were the command refused: Slack empties the field."""
        return command.text if command.command == NOTE else ""

    async def _word(self, command: Command) -> Message | None:
        word, _, rest = command.text.partition(" ")
        match word.casefold():
            case "" | "menu" | "help" as asked:
                render = menu.render_help if asked == "help" else menu.render_menu
                return render(await self._db.read(home.load_home, command.by))
            case "home":
                await self._db.run(home.home_opened, command.by)
                await self._homes.show(command.by, home.FIRST_PAGES)
                return render_reply(SHOWN)
            case "lead" if (mine := await self._db.read(my_leads.find, command.by, rest.strip())) is not None:
                return render_my_leads(mine)
            case "find" if rest.strip():
                return await self._search.typed(command.by, rest)
            case named if named in self._windows:
                await self._windows[named](command.click)
                return None
            case "away":
                return render_reply(await self._go_away(command.by, rest.strip()))
            case "back":
                _, moved = await self._db.run(away.set_back, command.by)
                return render_reply(f"{BACK}{moved}")
            case _:
                return menu.render_unknown_word(command.text)

    async def _go_away(self, by: str, day: str) -> str:
        try:
            person, moved = await self._db.run(away.set_away, by, day or None)
        except FormError as error:
            raise Refused(f"{error} {NOT_A_DAY}") from None
        return away_sentence(person) + moved


def away_sentence(person: Person) -> str:
    if person.away_until is None:
        return "You are away: leads pass you over until you say /lockstep back."
    day = spoken(local_date(person.away_until, person.tz))
    return f"You are away until {day}, 9:00: leads pass you over until then."
