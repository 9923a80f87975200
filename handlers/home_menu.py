"""The dots beside the buttons of Home and of `/lockstep`: each option does what the button with its id does."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import NotFound
from bot.views.home_switch import MENU
from bot.views.ids import ActionId
from handlers.payloads import Click
from handlers.tables import Actions


class HomeMenuHandlers:
    """`actions`: those of all buttons, by id."""

    def __init__(self, actions: Actions) -> None:
        self._actions = {one: actions[one] for one in MENU}

    def actions(self) -> Actions:
        return {ActionId.HOME_MENU: self.choose}

    async def choose(self, click: Click) -> None:
        act = self._actions.get(click.value)
        if act is None:
            raise NotFound("I cannot read this menu any more. Please open my Home tab again.")
        await act(replace(click, action_id=click.value))
