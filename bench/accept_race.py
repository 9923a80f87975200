"""Fifty people accept the same lead in the same instant, through the sandbox and a real bot process.

Printed for each database: the worst and the median acknowledgement, how long until all others were told who was
first, and the ratio to a floor measured in the same run: the same people, at the same instant, using a command that
needs no decision.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.demo import company
from bot.demo.demo import start_company
from bot.integrations.web import Web

PEOPLE = 50
ROUNDS = 20
PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Milliseconds of each acknowledgement; seconds until the last of the others was told; what went wrong."""

    acks: list[float]
    told_s: float
    winners: int
    told: int
    errors: list[str]


async def race(name: str, database_url: str | None, *, people: int = PEOPLE, rounds: int = ROUNDS) -> list[Round]:
    """`rounds` races on one database, with their figures printed."""
    results = []
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as folder:
        async with contextlib.AsyncExitStack() as stack:
            web = await stack.enter_async_context(Web())
            slack, bot_url = await start_company(
                stack,
                web,
                Path(folder),
                database_url=database_url,
                company_file=_company(Path(folder), people),
                roster=_roster(Path(folder), people),
            )
            emails = [_email(number) for number in range(people)]
            pool = await slack.place(emails[0], "pool")
            floor = await _floor(slack, pool, emails)
            for number in range(rounds):
                results.append(await _round(web, slack, bot_url, pool, emails, number))
                print(f"\r  {name}: round {number + 1} of {rounds}", end="", flush=True)
            print()
    _report(name, results, floor, people)
    return results


async def _round(web: Web, slack: company.Slack, bot_url: str, pool: str, emails: list[str], number: int) -> Round:
    lead = {"external_id": f"race-{number}", "name": f"Lead {number}", "company": f"Company {number}", "score": 80}
    await company.post_lead(web, bot_url, lead, delivery=f"race-{number}", at=await slack.now())
    card = await _card(slack, emails[0], pool, f"Company {number}")
    started, instant = time.monotonic(), (await slack.now()).timestamp()
    answers = await asyncio.gather(
        *(slack.act(email, pool, "click", message_ts=card["ts"], action_id="handoff.accept") for email in emails)
    )
    errors = [str(answer["error"]) for answer in answers if not answer["acked"] or answer["error"]]
    told = await _told(slack, pool, emails, card["ts"], started)
    shown = str(await _card(slack, emails[0], pool, f"Company {number}", words="Accepted by"))
    # Whoever was not told that somebody was faster must be the one the card names.
    winners = [number for number, email in enumerate(emails) if email not in told]
    owners = {int(name) for name in re.findall(r"Accepted by Rep (\d+)", shown)}
    assert owners == set(winners), f"the card names {owners}, not told were {winners}"
    return Round(
        acks=[answer["ack_ms"] for answer in answers],
        told_s=max(told.values()) - instant,
        winners=len(winners),
        told=len(told),
        errors=errors,
    )


async def _told(slack: company.Slack, pool: str, emails: list[str], since: str, started: float) -> dict[str, float]:
    """Who has a private message after `since` that says who accepted, and when it was there (sandbox's seconds)."""
    told: dict[str, float] = {}
    while len(told) < len(emails) - 1 and time.monotonic() - started < PATIENCE_S:
        for email in emails:
            if email in told:
                continue
            for message in (await slack.screen(email, pool))["messages"]:
                if message["ephemeral"] and message["ts"] > since and "accepted this lead" in str(message):
                    told[email] = float(message["ts"])
    return told


async def _card(slack: company.Slack, email: str, pool: str, company_name: str, *, words: str = "") -> dict[str, Any]:
    for _ in range(400):
        for message in (await slack.screen(email, pool))["messages"]:
            text = str(message)
            if words in text and not message["ephemeral"] and _is_of(text, company_name):
                found: dict[str, Any] = message
                return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"no card of {company_name} ({words or 'offered'}) appeared in the pool")


def _is_of(text: str, company_name: str) -> bool:
    """Whether the name stands there as a whole: Company 1 is not Company 12."""
    start = text.find(company_name)
    while start >= 0:
        after = text[start + len(company_name) : start + len(company_name) + 1]
        if not after.isdigit():
            return True
        start = text.find(company_name, start + 1)
    return False


async def _floor(slack: company.Slack, pool: str, emails: list[str]) -> list[float]:
    floor: list[float] = []
    for _ in range(3):
        answers = await asyncio.gather(
            *(slack.act(email, pool, "command", command="/lockstep", text="help") for email in emails)
        )
        floor += [answer["ack_ms"] for answer in answers]
    return floor


def _report(name: str, results: list[Round], floor: list[float], people: int) -> None:
    acks = sorted(ack for result in results for ack in result.acks)
    print(
        f"  {name}: {len(results)} rounds of {people} clicks in one instant\n"
        f"    owners a round: {sorted({result.winners for result in results})}, "
        f"others told: {min(result.told for result in results)} to {max(result.told for result in results)}, "
        f"errors: {sum(len(result.errors) for result in results)}\n"
        f"    ack: median {statistics.median(acks):.0f} ms, 99 % {acks[int(len(acks) * 0.99)]:.0f} ms, "
        f"worst {acks[-1]:.0f} ms ({acks[-1] / max(floor):.1f} x the floor's worst of {max(floor):.0f} ms)\n"
        f"    all told after at most {max(result.told_s for result in results):.2f} s"
    )


def _email(number: int) -> str:
    return f"rep{number}@example.com"


def _company(folder: Path, people: int) -> Path:
    members = ", ".join(f'"rep{number}"' for number in range(people))
    rows = [
        f'[[people]]\nname = "Rep {number}"\nemail = "{_email(number)}"\ntz = "Europe/Berlin"\n'
        for number in range(people)
    ]
    rows.append(f'[[channels]]\nname = "pool"\nbot = true\nmembers = [{members}]\n')
    file = folder / "company.toml"
    head = '[team]\nid = "T0LOCKSTEP"\nname = "Race"\ndomain = "race"\n\n'
    file.write_text(head + "\n".join(rows), encoding="utf-8")
    return file


def _roster(folder: Path, people: int) -> Path:
    rows = ['[lockstep]\nfallback_channel = "#pool"\n']
    rows += [f'[[people]]\nemail = "{_email(number)}"\nname = "Rep {number}"\n' for number in range(people)]
    members = ", ".join(f'"{_email(number)}"' for number in range(people))
    rows.append(f'[[teams]]\nkey = "all"\nname = "All"\npool_channel = "#pool"\nmembers = [{members}]\n')
    rows.append('[[routing]]\nname = "All"\noperator = "any"\npool = "all"\n')
    rows.append(f'[[sources]]\nkey = "{company.SOURCE}"\nname = "Bench"\nsecrets = ["{company.SECRET}"]\n')
    file = folder / "roster.toml"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file
