"""Find, as Slack sends it: what is typed, the window, its pages."""

from __future__ import annotations

from bot.services import notes
from bot.services.notes import SaveNote
from bot.views.search_ids import SearchAction, SearchCallback, SearchRef, search_metadata
from tests.handlers.office import Office
from tests.services.world import INES, JONAS


async def write(office: Office, *texts: str) -> None:
    for number, text in enumerate(texts):
        await office.world.db.run(notes.save_note, SaveNote(by=JONAS, text=text, sent=f"{text}{number}"))


async def test_what_is_typed_is_answered_privately_with_the_first_five(office: Office) -> None:
    await write(office, *(f"price {number}" for number in range(7)))
    answer = await office.command(INES, "find PRICE")
    assert answer["response_type"] == "ephemeral"
    said = [block["text"]["text"] for block in answer["blocks"] if block["type"] == "section"][1:]
    assert [text[-1] for text in said] == ["6", "5", "4", "3", "2"]
    assert all("*price*" in text for text in said)
    (show_all,) = answer["blocks"][-1]["elements"]
    await office.click(INES, show_all["action_id"], show_all["value"], view={"id": "V1", "type": "home"})
    assert "price *0*" not in str(office.wire.calls)
    assert "*price* 0" in str(office.wire.calls)


async def test_alone_it_opens_the_window(office: Office) -> None:
    await office.command(INES, "find")
    (call,) = office.wire.called("views.open")
    assert call["view"]["callback_id"] == SearchCallback.SUBMIT


async def test_in_the_window_one_looks_for_something_else_and_turns_pages(office: Office) -> None:
    await write(office, *(f"price {number}" for number in range(12)))
    answer = await office.submit(INES, SearchCallback.SUBMIT, search_metadata(SearchRef("")), words="price")
    view = answer.json()["view"]
    assert "*price* 11" in str(view)
    assert "*price* 1'" not in str(view)
    on = view["blocks"][-1]["elements"][0]
    window = {"id": "V1", "type": "modal", "private_metadata": view["private_metadata"]}
    await office.click(INES, SearchAction.ON, on["value"], view=window)
    older = office.wire.called("views.update")[-1]["view"]
    assert "*price* 0" in str(older)
    assert "*price* 11" not in str(older)
    window["private_metadata"] = older["private_metadata"]
    await office.click(INES, SearchAction.BACK, "back", view=window)
    assert "*price* 11" in str(office.wire.called("views.update")[-1]["view"])


async def test_whatever_is_typed_is_answered(office: Office) -> None:
    await write(office, "a price")
    for text in ('"', "AND OR", "price*", "🎉", "x" * 9000, "<@U1> <#C1|x> &amp; &lt;", "价格", "\\", "%"):
        answer = await office.command(INES, f"find {text}")
        assert answer["response_type"] == "ephemeral"
        assert "reference" not in str(answer)
    assert "a *price*" in str(await office.command(INES, "find &lt;price&gt;"))
