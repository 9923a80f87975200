"""The command line: `lockstep run`, `migrate`, `config`, `outbox`, `import`, `demo`, `sandbox` and more.

Exit codes: 0 done, 1 it failed while running, 2 something has to be mended first (settings, schema, file).
"""

from __future__ import annotations

import asyncio
import os
import sys
from enum import StrEnum
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import errors
from bot.domain.local_time import use_pinned_zones

TO_MEND = 2
FAILED = 1

app = typer.Typer(
    name="lockstep",
    help="Keeps sales and marketing in step inside Slack. Settings come from the environment: docs/settings.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
config = typer.Typer(help="What the two teams decide, as one TOML file.", no_args_is_help=True)
app.add_typer(config, name="config")
agreement = typer.Typer(help="What sales and marketing agreed: show it, compare a file, propose one.")
app.add_typer(agreement, name="agreement", no_args_is_help=True)
outbox = typer.Typer(help="What is still to be said to Slack and to other systems: list it, say it again.")
app.add_typer(outbox, name="outbox")


@app.command()
def run() -> None:
    """Run Lockstep until it is told to stop (Ctrl-C or SIGTERM)."""
    from bot import log
    from bot.app import run as run_application
    from bot.settings import Settings

    settings = Settings.from_env(os.environ)
    log.configure(settings.log)
    asyncio.run(run_application(settings))


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema, without losing anything."""
    from bot.settings import database_url_from_env
    from storage.schema import migrate as migrate_schema

    migrate_schema(database_url_from_env(os.environ), typer.echo)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def sandbox(context: typer.Context) -> None:
    """Start a local Slack in the browser; takes the options of `lockstep sandbox --help`."""
    # A program of its own that takes our place: it meets Lockstep over HTTP only, as the real Slack does.
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *context.args])  # noqa: S606


class DemoStory(StrEnum):
    TWO_WEEKS = "two-weeks"
    A_MONTH = "a-month"


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page is; another free one when it is taken.")] = 8765,
    http: Annotated[bool, typer.Option("--http", help="Deliver by signed HTTP instead of Socket Mode.")] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Lockstep knows nobody: set it up in the browser.")] = False,
    keep: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Keep the database there at the end.")] = None,
    story: Annotated[
        DemoStory | None,
        typer.Option(help="two-weeks: played without a browser, prints who read what. a-month: stays to be seen."),
    ] = None,
) -> None:
    """A small company with its Slack in the browser, and Lockstep at work in it."""
    if story is DemoStory.A_MONTH:
        if empty:
            raise typer.BadParameter("A month needs the company's people: leave out --empty.")
        from bot.demo.a_month.story import a_month
        from bot.demo.demo import run_demo

        asyncio.run(run_demo(port=port, http=http, keep=keep, month=a_month))
        return
    if story is not None:
        if http or empty or keep:
            raise typer.BadParameter("This story is played by itself: leave out --http, --empty and --keep.")
        from bot.demo.two_weeks.story import tell

        asyncio.run(tell())
        return
    from bot.demo.demo import run_demo

    asyncio.run(run_demo(port=port, http=http, empty=empty, keep=keep))


@app.command("demo-check")
def demo_check() -> None:
    """Play the story of the demo without a browser, one line a step."""
    from bot.demo.check import check

    asyncio.run(check())


@config.command("apply")
def config_apply(
    file: Annotated[Path, typer.Argument(help="The TOML file, see docs/configuration.md.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="People, teams, sources and targets not in it may go.")] = False,
) -> None:
    """Put a configuration file into force, and say what changed."""
    from bot.configuration import Outcome, apply_file

    def in_force(outcome: Outcome) -> None:
        if outcome.changes:
            typer.echo("This would change, and nothing has yet:" if dry_run else "In force now:")
        for line in outcome.changes or ["Nothing would change." if dry_run else "Nothing changes: it is in force."]:
            typer.echo(line)
        for source, secret in outcome.new_secrets.items():
            typer.echo(f"Signing secret of {source}, shown this once: {secret}")

    def progress(done: int, total: int) -> None:
        typer.echo(f"Looked up in Slack: {done} of {total}", err=True)

    outcome = asyncio.run(apply_file(file, os.environ, dry_run=dry_run, yes=yes, in_force=in_force, progress=progress))
    if dry_run:
        in_force(outcome)
    for name in outcome.missing or []:
        typer.echo(f"No active Slack account has the e-mail address of {name}.", err=True)
    if outcome.trouble is not None:
        typer.echo(outcome.trouble, err=True)


@config.command("export")
def config_export() -> None:
    """Write the configuration in force to standard output."""
    from bot.configuration import export

    typer.echo(asyncio.run(export(os.environ)), nl=False)


@agreement.command("show")
def agreement_show(
    version: Annotated[int | None, typer.Argument(help="The one in force without it.")] = None,
    toml: Annotated[bool, typer.Option("--toml", help="All of it, as a file that `propose` takes.")] = False,
) -> None:
    """Say where a version stands, or write it as a file."""
    from bot import agreement_commands

    typer.echo(asyncio.run(agreement_commands.show(version, os.environ, as_toml=toml)), nl=not toml)


@agreement.command("diff")
def agreement_diff(file: Annotated[Path, typer.Argument(help="The TOML file, see docs/agreement.md.")]) -> None:
    """Say what a file would change in the version in force."""
    from bot import agreement_commands

    for line in asyncio.run(agreement_commands.diff(file, os.environ)) or ["Nothing would change."]:
        typer.echo(line)


@agreement.command("propose")
def agreement_propose(
    file: Annotated[Path, typer.Argument(help="The TOML file, see docs/agreement.md.")],
    by: Annotated[str, typer.Option(metavar="EMAIL", help="The admin or manager who proposes it.")],
    start: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="In force from: 2026-12-01[T09:00].")
    ] = None,
) -> None:
    """Propose a file; the managers of both sides get it with the difference, to sign or to answer."""
    from bot import agreement_commands

    proposed, lines = asyncio.run(agreement_commands.propose(file, by, start, os.environ))
    for line in lines or ["It says what the version in force says."]:
        typer.echo(line)
    typer.echo(
        f"Version {proposed.version} is proposed. It is in force once a manager of each side has signed it in Slack."
    )


@app.command("import")
def import_leads(
    file: Annotated[Path | None, typer.Argument(help="A CSV file, see docs/import.md.")] = None,
    source: Annotated[str, typer.Option(help="The key of the source the leads come from.")] = "",
    mapped: Annotated[list[str] | None, typer.Option("--map", help="COLUMN=FIELD, once for each.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would become of each row.")] = False,
    offer: Annotated[bool, typer.Option("--offer", help="Offer the leads to reps, not only store them.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="More than 50 offers are meant.")] = False,
    undo: Annotated[str | None, typer.Option(metavar="BATCH", help="Withdraw this import's open offers.")] = None,
) -> None:
    """Take leads from a CSV file, with a verdict for each row; the same file again changes nothing."""
    from bot import importing
    from bot.progress import Progress

    if undo is not None:
        withdrawn, rows = asyncio.run(importing.undo(undo, os.environ))
        if rows == 0:
            typer.echo(f"{undo} was undone already: there was nothing to withdraw.")
        else:
            offers = "1 open offer" if withdrawn == 1 else f"{withdrawn} open offers"
            typer.echo(f"{offers} withdrawn; what somebody has accepted stays. Its {rows} rows may be imported again.")
        return
    if file is None or not source:
        raise errors.ConfigError("Write: lockstep import FILE.csv --source KEY, or: lockstep import --undo BATCH")
    options = importing.Options(source=source, mapped=_mapped(mapped or []), dry_run=dry_run, offer=offer, yes=yes)
    bar = Progress("Looking" if dry_run else "Importing", importing.count_rows(file))

    def say(number: int, verdict: str) -> None:
        bar.step(f"line {number}: {verdict}")

    try:
        report = asyncio.run(importing.import_file(file, os.environ, options, say))
    finally:
        bar.clear()
    counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(report.verdicts.items()))
    # A batch that was only looked at cannot be undone, so it has no id to show.
    typer.echo(f"{'Nothing was changed. It would be' if dry_run else f'Batch {report.import_id}'}: {counted}")
    if "refused" in report.verdicts:
        raise typer.Exit(FAILED)


def _mapped(pairs: list[str]) -> dict[str, str]:
    found = dict(pair.rpartition("=")[::2] for pair in pairs)
    if len(found) != len(pairs) or not all(column and name for column, name in found.items()):
        raise errors.ConfigError("Write --map COLUMN=FIELD, once for each column, for example --map mql_id=external_id")
    return found


@outbox.callback(invoke_without_command=True)
def outbox_list(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many of the parked ones are listed.")] = 50,
) -> None:
    """Count what is still to be said, and list what was given up, with the reason."""
    from bot.outbox import listing

    if context.invoked_subcommand is None:
        for line in listing(os.environ, limit=limit):
            typer.echo(line)


@outbox.command("replay")
def outbox_replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids as `lockstep outbox` lists them.")] = None,
    target: Annotated[str | None, typer.Option(help="Everything this target was not told.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that was given up.")] = False,
) -> None:
    """Say again what was given up; the running bot delivers it."""
    from bot.outbox import replay

    for line in replay(os.environ, ids or [], target=target, everything=everything):
        typer.echo(line)


@outbox.command("enable")
def outbox_enable(target: Annotated[str, typer.Argument(help="The key of a target that answered 410 Gone.")]) -> None:
    """Tell a target of decisions again, from now on."""
    from bot.outbox import enable

    typer.echo(enable(os.environ, target))


@app.command()
def check(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one JSON document.")] = False,
) -> None:
    """Go through settings, database, Slack and the configuration, and say what to fix; changes nothing."""
    from bot import checking

    def progress(done: int, total: int) -> None:
        typer.echo(f"Asked Slack about {done} of {total} channels", err=True)

    findings = asyncio.run(checking.go_through(os.environ, progress=progress))
    typer.echo(checking.as_json(findings) if as_json else "\n".join(checking.as_text(findings)))
    if not checking.is_well(findings):
        raise typer.Exit(FAILED)


@app.command()
def version() -> None:
    """Say which version this is."""
    typer.echo(f"lockstep {version_of('lockstep')}")


def main() -> NoReturn:
    """What the command `lockstep` runs: errors of ours become a sentence and an exit code."""
    use_pinned_zones()
    try:
        app()
    except (errors.ConfigError, errors.StorageError) as error:
        typer.echo(str(error), err=True)
        sys.exit(TO_MEND)
    except errors.LockstepError as error:
        typer.echo(str(error), err=True)
        sys.exit(FAILED)
    sys.exit(0)


if __name__ == "__main__":
    main()
