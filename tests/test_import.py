"""`lockstep import`, as somebody runs it: a verdict a row, nothing twice, and a way back."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.__main__ import main
from bot.domain.config import Source
from bot.domain.handoff import Status
from bot.domain.person import SlackFlags
from bot.integrations.clock import SystemClock
from storage.database import Database, run_now
from storage.schema import migrate
from storage.tables.handoffs import events, handoffs
from storage.tables.leads import leads
from storage.tables.posts import outbox
from storage.transaction import Transaction
from tests.services.world import JONAS, START, populate

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with people and the source, to be copied."""
    path = tmp_path_factory.mktemp("begun") / "lockstep.db"
    migrate(f"sqlite:///{path}", lambda _: None)
    run_now(f"sqlite:///{path}", SystemClock(), _begin)
    return path


@pytest.fixture
def url(begun: Path, tmp_path: Path) -> str:
    shutil.copy(begun, tmp_path / "lockstep.db")
    return f"sqlite:///{tmp_path / 'lockstep.db'}"


def _begin(tx: Transaction) -> None:
    populate(tx)
    tx.sources.add(Source(key="fair", name="Trade fair", secrets=("whsec_x",), created_at=START))


def lockstep(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a terminal runs it, but in this process: one of its own takes a second to start."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as terminal,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        terminal.setattr(sys, "argv", ["lockstep", *arguments])
        terminal.setenv("LOCKSTEP_DATABASE_URL", url)
        with pytest.raises(SystemExit) as end:
            main()
    code = end.value.code
    assert isinstance(code, int)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def leads_file(folder: Path, count: int, name: str = "leads.csv") -> Path:
    rows = [f"{number},Lead {number},lead{number}@example.com" for number in range(count)]
    path = folder / name
    path.write_text("external_id,name,email\n" + "\n".join(rows) + "\n")
    return path


def count(url: str, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    """Reads only: an import that runs beside it is not held up."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())
    finally:
        engine.dispose()


def batch_of(said: str) -> str:
    return said.partition("Batch ")[2].partition(":")[0]


def test_rows_are_offered_once_and_a_second_run_changes_nothing(url: str, tmp_path: Path) -> None:
    file = leads_file(tmp_path, 30)
    with file.open("a") as out:
        out.write("31,Bad,nobody\n")
    first = lockstep(url, "import", str(file), "--source", "fair", "--offer")
    assert first.returncode == 1, first.stderr  # a row was refused
    verdicts = [line for line in first.stdout.splitlines() if line.startswith("line ")]
    assert len(verdicts) == 31
    assert verdicts[0].startswith("line 2: Offered to ")
    assert "refused: email: Is not an e-mail address" in verdicts[-1]
    assert (count(url, leads), count(url, handoffs)) == (30, 30)
    batch = batch_of(first.stdout)
    assert count(url, events, events.c.correlation_id == batch, events.c.kind == "handoff.offered") == 30
    assert count(url, outbox, outbox.c.correlation_id == batch, outbox.c.kind == "sync_post") > 0
    again = lockstep(url, "import", str(file), "--source", "fair", "--offer")
    assert "30 known already" in again.stdout
    assert (count(url, leads), count(url, handoffs)) == (30, 30)
    assert batch_of(again.stdout) == batch_of(first.stdout)


def test_without_offer_leads_are_only_stored_and_can_be_offered_later(url: str, tmp_path: Path) -> None:
    file = leads_file(tmp_path, 3)
    assert "3 stored" in lockstep(url, "import", str(file), "--source", "fair").stdout
    assert (count(url, leads), count(url, handoffs)) == (3, 0)
    assert "3 Offered" in lockstep(url, "import", str(file), "--source", "fair", "--offer").stdout
    assert (count(url, leads), count(url, handoffs)) == (3, 3)


def test_a_dry_run_says_all_and_changes_nothing(url: str, tmp_path: Path) -> None:
    said = lockstep(url, "import", str(leads_file(tmp_path, 60)), "--source", "fair", "--offer", "--dry-run")
    assert said.returncode == 0, said.stderr
    assert "Nothing was changed. It would be: 60 Offered" in said.stdout
    assert "imp-" not in said.stdout  # nothing is there to undo
    assert (count(url, leads), count(url, handoffs)) == (0, 0)


def test_more_than_fifty_offers_need_a_yes(url: str, tmp_path: Path) -> None:
    file = str(leads_file(tmp_path, 51))
    refused = lockstep(url, "import", file, "--source", "fair", "--offer")
    assert refused.returncode == 2
    assert "This would offer 51 leads" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert count(url, leads) == 0
    assert lockstep(url, "import", file, "--source", "fair", "--offer", "--yes").returncode == 0
    assert count(url, handoffs) == 51
    # All of them are known now: nothing is left to ask about.
    assert lockstep(url, "import", file, "--source", "fair", "--offer").returncode == 0


async def test_undo_withdraws_what_nobody_decided_on(url: str, tmp_path: Path) -> None:
    file = str(leads_file(tmp_path, 5))
    said = await asyncio.to_thread(lockstep, url, "import", file, "--source", "fair", "--offer")
    db = Database.open(url, clock=SystemClock())
    await db.run(_refresh)
    await db.run(_accept_one)
    await db.close()
    undone = await asyncio.to_thread(lockstep, url, "import", "--undo", batch_of(said.stdout))
    assert "4 open offers withdrawn; what somebody has accepted stays. Its 5 rows" in undone.stdout, undone.stderr
    twice = await asyncio.to_thread(lockstep, url, "import", "--undo", batch_of(said.stdout))
    assert "was undone already" in twice.stdout, twice.stderr
    assert count(url, handoffs, handoffs.c.status == Status.WITHDRAWN) == 4
    assert count(url, handoffs, handoffs.c.status == Status.ACCEPTED) == 1
    again = await asyncio.to_thread(lockstep, url, "import", file, "--source", "fair", "--offer")
    assert "4 Offered" in again.stdout
    assert "1 here already, with nothing new" in again.stdout


def _refresh(tx: Transaction) -> None:
    """Slack has just confirmed who Jonas is."""
    person = tx.people.by_slack_id(JONAS)
    assert person is not None
    tx.people.set_flags(person.id, SlackFlags(checked_at=tx.now))


def _accept_one(tx: Transaction) -> None:
    from bot.services.handoffs import AcceptHandoff, accept_handoff

    [(handoff, _), *_] = tx.handoffs.offered_to("p1", 10, 0)
    accept_handoff(tx, AcceptHandoff(handoff_id=handoff.id, by=JONAS))


def test_what_cannot_be_done_is_one_sentence(url: str, tmp_path: Path) -> None:
    workbook = tmp_path / "leads.csv"
    workbook.write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    for arguments, words in (
        (("import", str(workbook), "--source", "fair"), "is an Excel workbook"),
        (("import", str(leads_file(tmp_path, 1, "a.csv")), "--source", "none"), "no source none; there is fair"),
        (("import", str(tmp_path / "none.csv"), "--source", "fair"), "cannot be read: No such file"),
        (("import", "--undo", "imp-none"), "There is no import imp-none"),
        (("import",), "lockstep import FILE.csv --source KEY"),
        (("import", str(leads_file(tmp_path, 1, "b.csv")), "--source", "fair", "--map", "x"), "--map COLUMN=FIELD"),
    ):  # fmt: skip
        done = lockstep(url, *arguments)
        assert done.returncode == 2, done
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert count(url, leads) == 0


def test_killed_and_run_again_every_row_is_there_once(url: str, tmp_path: Path) -> None:
    file = leads_file(tmp_path, 240)
    arguments = ["import", str(file), "--source", "fair", "--offer", "--yes"]
    environment = {**os.environ, "LOCKSTEP_DATABASE_URL": url}
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        before = count(url, leads)
        deadline = time.monotonic() + 60
        while count(url, leads) <= before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    whole = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert whole.returncode == 0, whole.stderr
    assert (count(url, leads), count(url, handoffs)) == (240, 240)
