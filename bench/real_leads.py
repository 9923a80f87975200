"""A thousand real leads: half of them imported from a file, half posted by signed webhook, to fifty reps.

    python -m bench.real_leads FILE.csv [--rows 500] [--map mql_id=external_id …]
    python -m bench real_leads --leads FILE.csv          on both databases

The file is read where it lies; nothing of it is kept. The sandbox's clock does the pacing, so that a message a second
in a direct message costs no real time. Told from the sandbox's record of what people saw: each lead has exactly one
card with decision buttons, in front of exactly one rep.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import csv
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.demo import company, programs
from bot.demo.demo import start_company
from bot.integrations.clock import SystemClock
from bot.integrations.web import Web
from storage.database import run_now
from storage.transaction import Transaction

REPS = 50
ROWS = 500
AT_ONCE = 16
"""Webhooks posted side by side."""
TEAM = "everybody"
MAPPED = {"mql_id": "external_id", "first_contact_date": "engaged_at"}
"""Columns of the file this was made for; others are given with --map."""


async def real_leads(name: str, database_url: str | None, *, file: Path | None = None) -> None:
    """The whole run on one database; without a file a sentence that says so."""
    if file is None:
        print(f"  {name}: skipped, as it needs a file of leads: python -m bench real_leads --leads FILE.csv")
        return
    await run(file, rows=ROWS, mapped=MAPPED, name=name, database_url=database_url)


async def run(
    file: Path, *, rows: int, mapped: Mapping[str, str], name: str = "SQLite", database_url: str | None = None
) -> None:
    """The whole run, with its figures printed. Raises AssertionError when a lead has not exactly one card."""
    header, leads = _read(file, 2 * rows, mapped)
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as folder:
        async with contextlib.AsyncExitStack() as stack:
            web = await stack.enter_async_context(Web(timeout_s=120))
            database = database_url or f"sqlite:///{Path(folder) / 'lockstep.db'}"
            slack, bot_url = await start_company(
                stack, web, Path(folder), database_url=database, company_file=_company(Path(folder)),
                roster=_roster(Path(folder)),
            )  # fmt: skip
            part = _part(Path(folder), header, leads[:rows])
            started = time.monotonic()
            await asyncio.gather(
                _import(part, database, slack.url, mapped), _post(web, slack, bot_url, leads[rows:], mapped)
            )
            taken = time.monotonic() - started
            # Slack takes a message a second in a place and some hundred a minute in a workspace: time enough for both.
            await slack.advance(4 * rows + 60)
            keys = {_data(lead, mapped)["external_id"] for lead in leads}
            await _judge(web, slack, keys, database)
            print(
                f"  {name}: {len(leads)} leads ({rows} imported, {len(leads) - rows} posted) to {REPS} reps: "
                f"taken in {taken:.1f} s, all shown {time.monotonic() - started:.1f} s after the first"
            )


async def _import(part: Path, database: str, sandbox_url: str, mapped: Mapping[str, str]) -> None:
    environment = programs.bot_environment(sandbox_url, database_url=database, port=1, socket_mode=True, name="import")
    maps = [text for column, name in mapped.items() for text in ("--map", f"{column}={name}")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "import", str(part), "--source", company.SOURCE, "--offer", "--yes", *maps,
        env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, failed = await process.communicate()
    assert process.returncode == 0, failed.decode()
    print(f"  {said.decode().strip().splitlines()[-1]}")


async def _post(
    web: Web, slack: company.Slack, bot_url: str, leads: list[dict[str, str]], mapped: Mapping[str, str]
) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    async def post(number: int, lead: dict[str, str]) -> None:
        async with room:
            for _ in range(20):
                status = (
                    await company.post_lead(
                        web, bot_url, _data(lead, mapped), delivery=f"real-{number}", at=await slack.now()
                    )
                ).status
                if status in (200, 202):
                    return
                assert status == 503, status
                await asyncio.sleep(0.5)
            raise AssertionError(f"lead {number} was not taken in ten seconds")

    await asyncio.gather(*(post(number, lead) for number, lead in enumerate(leads)))


async def _judge(web: Web, slack: company.Slack, keys: set[str], database: str) -> None:
    """What people saw: the cards in all direct messages, by the lead they name."""
    shown: Counter[str] = Counter()
    stamps: list[str] = []
    in_front_of: dict[str, set[str]] = {}
    for number in range(REPS):
        place = await slack.place(_email(number), "dm")
        answer = await web.get(f"{slack.url}/_sandbox/record", place=place)
        for entry in answer.body["messages"]:
            for value in _decisions(entry["message"]):
                shown[value] += 1
                stamps.append(entry["message"]["ts"])
                in_front_of.setdefault(value, set()).add(_email(number))
    leads = Counter(await asyncio.to_thread(run_now, database, SystemClock(), _external_ids, list(shown)))
    twice = [value for value, times in shown.items() if times != 1]
    reps = {rep for seen_by in in_front_of.values() for rep in seen_by}
    print(f"  the record: {sum(shown.values())} cards with Accept, of {len(leads)} leads, in front of {len(reps)} reps")
    assert not twice, f"{len(twice)} offers have more than one card"
    assert all(len(seen_by) == 1 for seen_by in in_front_of.values())
    assert all(times == 1 for times in leads.values()), "a lead has two cards"
    assert set(leads) == keys, f"{len(keys - set(leads))} leads have no card, {len(set(leads) - keys)} nobody sent"
    instants = [float(stamp) for stamp in stamps]
    print(f"  shown within {max(instants) - min(instants):.0f} s of the company's time")
    by_rep = Counter(next(iter(reps)) for reps in in_front_of.values())
    print(f"  a rep has {min(by_rep.values())} to {max(by_rep.values())} leads")


def _external_ids(tx: Transaction, handoff_ids: list[str]) -> list[str | None]:
    """The source's id of the lead of each: the record knows the button, the database whose it is."""
    handoffs = [tx.handoffs.get(handoff_id) for handoff_id in handoff_ids]
    leads = [tx.leads.get(handoff.lead_id) if handoff is not None else None for handoff in handoffs]
    return [lead.external_id if lead is not None else None for lead in leads]


def _decisions(message: dict[str, Any]) -> list[str]:
    """The handoffs that can be accepted with this message."""
    return [
        element["value"].rpartition(".")[0]
        for block in message.get("blocks", [])
        for element in block.get("elements", [])
        if element.get("action_id") == "handoff.accept"
    ]


def _read(file: Path, count: int, mapped: Mapping[str, str]) -> tuple[list[str], list[dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        leads = [row for row, _ in zip(reader, range(count), strict=False)]
    assert len(leads) == count, f"{file.name} has {len(leads)} rows, {count} are needed"
    assert set(mapped) <= set(reader.fieldnames or ()), f"{file.name} has no column {set(mapped)}: give --map"
    return list(reader.fieldnames or ()), leads


def _data(lead: dict[str, str], mapped: Mapping[str, str]) -> dict[str, str]:
    data = {mapped.get(column, column): value for column, value in lead.items() if value}
    if "engaged_at" in data and len(data["engaged_at"]) == len("2018-02-01"):
        data["engaged_at"] += "T00:00:00Z"
    return data


def _part(folder: Path, header: list[str], leads: list[dict[str, str]]) -> Path:
    file = folder / "part.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, header)
        out.writeheader()
        out.writerows(leads)
    return file


def _email(number: int) -> str:
    return f"rep{number}@example.com"


def _company(folder: Path) -> Path:
    rows = [
        f'[[people]]\nname = "Rep {number}"\nemail = "{_email(number)}"\ntz = "Europe/Berlin"\n'
        for number in range(REPS)
    ]
    members = ", ".join(f'"rep{number}"' for number in range(REPS))
    rows.append(f'[[channels]]\nname = "pool"\nbot = true\nmembers = [{members}]\n')
    file = folder / "company.toml"
    file.write_text('[team]\nid = "T0LOCKSTEP"\nname = "Real"\ndomain = "real"\n\n' + "\n".join(rows), encoding="utf-8")
    return file


def _roster(folder: Path) -> Path:
    rows = ['[lockstep]\nfallback_channel = "#pool"\n']
    rows += [f'[[people]]\nemail = "{_email(number)}"\nname = "Rep {number}"\n' for number in range(REPS)]
    members = ", ".join(f'"{_email(number)}"' for number in range(REPS))
    rows.append(f'[[teams]]\nkey = "{TEAM}"\nname = "Everybody"\nmembers = [{members}]\n')
    rows.append(f'[[routing]]\nname = "All"\noperator = "any"\nteam = "{TEAM}"\n')
    rows.append(f'[[sources]]\nkey = "{company.SOURCE}"\nname = "Bench"\nsecrets = ["{company.SECRET}"]\n')
    file = folder / "roster.toml"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.real_leads", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, help="a CSV file with a header")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows imported, and as many posted")
    parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="as of lockstep import")
    given = parser.parse_args()
    mapped = dict(pair.split("=", 1) for pair in given.map) or MAPPED
    asyncio.run(run(given.file, rows=given.rows, mapped=mapped))


if __name__ == "__main__":
    main()
