"""The agreement and its clock: countdowns, signing, outcomes, disputes."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0005"
down_revision: str | None = "0004"

SUBJECTS = [
    "handoff", "reject_notice", "touch_notice", "alert", "summary", "welcome", "brief",
    "reminder", "at_risk", "agreement", "dispute", "milestone",
]  # fmt: skip
TIMER_KINDS = [
    "undo_end", "recycle", "back", "left", "refresh_people", "unrouted", "reassign", "brief",
    "countdown", "replan", "at_risk", "card", "agreement_start", "agreement_review",
]  # fmt: skip
BUDGET = [
    "lead", "trouble", "reject", "hotter", "came_back", "merged", "other_reject", "upkeep",
    "escalation", "agreement", "dispute", "milestone", "leakage",
]  # fmt: skip
OPENED = [
    "handed_over", "rerouted", "recycled", "undone", "released", "reassigned", "expired", "resent", "overturned",
]  # fmt: skip
ENDS = ["undone", "released", "transferred", "disqualified"]
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    _terms_by_version()
    _indexes_of_owners()
    _words("posts", "subject", SUBJECTS)
    _words("timers", "kind", TIMER_KINDS)
    _words("brief_items", "kind", BUDGET)
    _words("handoffs", "opened", OPENED)
    _words("handoffs", "end", ENDS)
    _calendars()
    _ladder()
    _countdowns()
    _at_risk()
    _after_accept()
    _signing()
    op.execute("UPDATE agreements SET in_force_from = NULL WHERE version < 0")  # could not be empty before
    _reject_answers()
    _disputes()


def _indexes_of_owners() -> None:
    op.drop_index("ix_handoffs_owned", "handoffs")
    owned = "status = 'accepted' AND ended_at IS NULL"
    _partial("ix_handoffs_owned", "handoffs", ["rep_id", "decided_at", "id", "practice"], owned)
    in_pool = "status = 'offered' AND pool_channel IS NOT NULL AND team_id IS NOT NULL"
    _partial("ix_handoffs_in_pool_of_team", "handoffs", ["team_id", "offered_at", "id"], in_pool)


def _terms_by_version() -> None:
    """A handoff's terms are those of the agreement it names.

    A copy that is not what its agreement says, which only another program could have written, becomes a version of
    its own: numbered below the others and never in force.
    """
    connection = op.get_bind()
    agreements = sa.Table("agreements", sa.MetaData(), autoload_with=connection)
    known = {one["id"]: dict(one) for one in connection.execute(sa.select(agreements)).mappings()}
    copies = "SELECT DISTINCT agreement_id, CAST(terms AS TEXT) FROM handoffs"
    others = [(of, text) for of, text in connection.exec_driver_sql(copies) if json.loads(text) != known[of]["terms"]]
    kept = "UPDATE handoffs SET agreement_id = :own WHERE agreement_id = :of AND CAST(terms AS TEXT) = :text"
    for number, (of, text) in enumerate(others, 1):
        own = str(uuid.uuid4())
        archived = known[of] | {"id": own, "version": -number, "terms": json.loads(text)}
        connection.execute(agreements.insert(), archived)
        connection.execute(sa.text(kept), {"own": own, "of": of, "text": text})
    op.drop_column("handoffs", "terms")


def _calendars() -> None:
    """Whose holidays people have; the calendars of teams, for their pools."""
    for name in ("country", "subdivision"):
        op.add_column("people", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("teams", sa.Column("tz", sa.Text(), nullable=True))
    op.add_column("teams", sa.Column("hours", JSON, nullable=True))
    op.add_column("teams", sa.Column("days_off", JSON, nullable=False, server_default="[]"))
    for name in ("country", "subdivision"):
        op.add_column("teams", sa.Column(name, sa.Text(), nullable=True))


def _ladder() -> None:
    """How far a lead went up, and who waited for whom."""
    for name in ("system_s", "system_business_s", "own_s", "own_business_s"):
        op.add_column("handoffs", sa.Column(name, sa.Integer(), nullable=True))
    words = "'next_rep', 'pool', 'managers_manager', 'arbiter', 'parked'"
    op.execute(f'ALTER TABLE leads ADD COLUMN rung VARCHAR(32) CONSTRAINT ck_leads_rung CHECK ("rung" IN ({words}))')
    parked = "rung = 'parked' AND stage IN ('mql', 'sql', 'opportunity') AND owner_id IS NULL"
    _partial("ix_leads_parked", "leads", ["updated_at", "id"], parked)


def _countdowns() -> None:
    op.create_table(
        "countdowns",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(36), nullable=False),
        sa.Column("agreement_id", sa.String(36), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=True),
        sa.Column("owner_id", sa.String(36), nullable=True),
        sa.Column("team_id", sa.String(36), nullable=True),
        sa.Column("window_s", sa.Integer(), nullable=False),
        sa.Column("counted_us", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("step", sa.String(32), nullable=True),
        sa.Column("snoozed_until", UtcDateTime(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("result", sa.String(32), nullable=True),
        sa.CheckConstraint(
            "\"kind\" IN ('accept', 'first_contact', 'answer_reject', 'settle')", name=op.f("ck_countdowns_kind")
        ),
        sa.CheckConstraint("\"step\" IN ('remind', 'at_risk', 'expire')", name=op.f("ck_countdowns_step")),
        sa.CheckConstraint("\"result\" IN ('met', 'missed', 'void')", name=op.f("ck_countdowns_result")),
        sa.CheckConstraint("(ended_at IS NULL) = (result IS NULL)", name=op.f("ck_countdowns_end_has_result")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_countdowns_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_countdowns_lead_id_leads")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_countdowns_owner_id_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_countdowns_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_countdowns")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_countdowns_kind_subject_id")),
    )
    running = "ended_at IS NULL"
    _partial("ix_countdowns_owner", "countdowns", ["owner_id", "due_at"], running)
    _partial("ix_countdowns_team", "countdowns", ["team_id", "due_at"], f"{running} AND owner_id IS NULL")
    _partial("ix_countdowns_agreement", "countdowns", ["agreement_id", "id"], running)
    # What is on offer already has its window from the first sweep on.
    op.execute(
        "INSERT INTO timers (id, kind, subject_id, due_at, attempts) "
        "SELECT '00000000-0000-7000-8000-000000000001', 'replan', 'offers', '2000-01-01T00:00:00.000000Z', 0 "
        "WHERE EXISTS (SELECT 1 FROM handoffs WHERE status = 'offered')"
    )
    _partial("ix_countdowns_lead", "countdowns", ["lead_id"], "lead_id IS NOT NULL")


def _at_risk() -> None:
    op.create_table(
        "at_risk",
        sa.Column("manager_id", sa.String(36), nullable=False),
        sa.Column("countdown_id", sa.String(36), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_at_risk_manager_id_people")),
        sa.ForeignKeyConstraint(
            ["countdown_id"], ["countdowns.id"], name=op.f("fk_at_risk_countdown_id_countdowns"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("manager_id", "countdown_id", name=op.f("pk_at_risk")),
    )
    op.create_index("ix_at_risk_countdown", "at_risk", ["countdown_id"])


def _after_accept() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("handoff_id", sa.String(36), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=False),
        sa.Column("place", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("logged_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("for_id", sa.String(36), nullable=True),
        sa.Column("attempt", sa.String(32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("come_back_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("expected_close", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("event_id", sa.String(36), nullable=True),
        sa.Column("taken_out_at", UtcDateTime(), nullable=True),
        sa.Column("taken_out_by", sa.String(36), nullable=True),
        sa.CheckConstraint(
            "\"kind\" IN ('attempt', 'contacted', 'qualified', 'disqualified', 'given_back', 'opportunity', "
            "'won', 'lost')",
            name=op.f("ck_outcomes_kind"),
        ),
        sa.CheckConstraint("\"attempt\" IN ('call', 'mail', 'meeting', 'no_answer')", name=op.f("ck_outcomes_attempt")),
        sa.CheckConstraint(
            "(taken_out_at IS NULL) = (taken_out_by IS NULL)", name=op.f("ck_outcomes_taken_out_by_somebody")
        ),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_outcomes_handoff_id_handoffs")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_outcomes_lead_id_leads")),
        sa.ForeignKeyConstraint(["for_id"], ["people.id"], name=op.f("fk_outcomes_for_id_people")),
        sa.ForeignKeyConstraint(["taken_out_by"], ["people.id"], name=op.f("fk_outcomes_taken_out_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    _partial("ux_outcomes_place", "outcomes", ["handoff_id", "place"], "taken_out_at IS NULL", unique=True)
    op.create_index("ix_outcomes_handoff", "outcomes", ["handoff_id", "place", "id"])
    op.create_index("ix_outcomes_lead", "outcomes", ["lead_id"])
    _partial("ix_outcomes_currency", "outcomes", ["id"], "currency IS NOT NULL")
    op.create_table(
        "milestones",
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=False),
        sa.Column("handoff_id", sa.String(36), nullable=True),
        sa.Column("rep_id", sa.String(36), nullable=True),
        sa.Column("marketer_id", sa.String(36), nullable=True),
        sa.Column("reached_at", UtcDateTime(), nullable=False),
        sa.Column("corrected_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("\"what\" IN ('sql', 'win')", name=op.f("ck_milestones_what")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_milestones_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_milestones_lead_id_leads")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_milestones_handoff_id_handoffs")),
        sa.ForeignKeyConstraint(["rep_id"], ["people.id"], name=op.f("fk_milestones_rep_id_people")),
        sa.ForeignKeyConstraint(["marketer_id"], ["people.id"], name=op.f("fk_milestones_marketer_id_people")),
        sa.PrimaryKeyConstraint("campaign_id", "what", name=op.f("pk_milestones")),
    )
    op.create_index("ix_milestones_lead_id", "milestones", ["lead_id"])
    op.create_index("ix_milestones_handoff_id", "milestones", ["handoff_id"])
    for what, stages in (("sql", "'sql', 'opportunity', 'won'"), ("win", "'won'")):
        op.execute(
            "INSERT INTO milestones (campaign_id, what, lead_id, reached_at) "  # noqa: S608 - words of ours
            f"SELECT campaign_id, '{what}', MIN(id), MIN(updated_at) FROM leads "
            f"WHERE campaign_id IS NOT NULL AND stage IN ({stages}) AND practice IS NOT TRUE GROUP BY campaign_id"
        )
    op.create_table(
        "leaks",
        sa.Column("handoff_id", sa.String(36), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=False),
        sa.Column("rep_id", sa.String(36), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_leaks_handoff_id_handoffs")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_leaks_lead_id_leads")),
        sa.ForeignKeyConstraint(["rep_id"], ["people.id"], name=op.f("fk_leaks_rep_id_people")),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_leaks")),
    )
    _partial("ix_leaks_rep", "leaks", ["rep_id", "since"], "ended_at IS NULL")
    _partial("ix_leaks_since", "leaks", ["since", "handoff_id"], "ended_at IS NULL")


def _signing() -> None:
    """The whole document of a version, where its signing stands, what people have changed and not proposed yet, and
    which leads are below the agreed definition."""
    op.add_column("leads", sa.Column("below_at", UtcDateTime(), nullable=True))
    is_real = "practice IS 0" if op.get_bind().dialect.name == "sqlite" else "practice IS false"
    _partial("ix_leads_below", "leads", ["below_at"], f"below_at IS NOT NULL AND {is_real}")
    more: list[sa.Column[Any]] = [
        sa.Column("document", JSON, nullable=True),
        sa.Column("state", sa.String(32), nullable=True),
        sa.Column("proposed_by", sa.String(36), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=True),
        sa.Column("from_at", UtcDateTime(), nullable=True),
        sa.Column("signatures", JSON, nullable=True),
        sa.Column("replies", JSON, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("wish", sa.String(32), nullable=True),
        sa.Column("wished", JSON, nullable=True),
        sa.Column("review_at", UtcDateTime(), nullable=True),
    ]
    states = "\"state\" IN ('proposed', 'signed', 'in_force', 'suspended', 'ended', 'withdrawn', 'replaced')"
    wishes = "\"wish\" IN ('suspend', 'resume', 'end')"
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("agreements", "in_force_from", nullable=True)
        op.drop_column("agreements", "signed_at")
        for column in more:
            op.add_column("agreements", column)
        op.create_check_constraint(op.f("ck_agreements_state"), "agreements", states)
        op.create_check_constraint(op.f("ck_agreements_wish"), "agreements", wishes)
        op.create_foreign_key(op.f("fk_agreements_proposed_by_people"), "agreements", "people", ["proposed_by"], ["id"])
    else:
        op.create_table(
            "agreements_new",
            sa.Column("id", sa.String(36), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("terms", JSON, nullable=False),
            sa.Column("in_force_from", UtcDateTime(), nullable=True),
            *more,
            sa.CheckConstraint(states, name=op.f("ck_agreements_state")),
            sa.CheckConstraint(wishes, name=op.f("ck_agreements_wish")),
            sa.ForeignKeyConstraint(["proposed_by"], ["people.id"], name=op.f("fk_agreements_proposed_by_people")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
            sa.UniqueConstraint("version", name=op.f("uq_agreements_version")),
        )
        op.execute(
            "INSERT INTO agreements_new (id, version, terms, in_force_from) "
            "SELECT id, version, terms, in_force_from FROM agreements"
        )
        op.execute("DROP TABLE agreements")
        op.execute("ALTER TABLE agreements_new RENAME TO agreements")
        op.create_index(op.f("ix_agreements_in_force_from"), "agreements", ["in_force_from"])
    _partial("ix_agreements_pending", "agreements", ["version"], "state IN ('proposed', 'signed')")
    drafts = "agreement_drafts"
    op.create_table(
        drafts,
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("answers_id", sa.String(36), nullable=True),
        sa.Column("sections", JSON, nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{drafts}_person_id_people")),
        sa.ForeignKeyConstraint(["answers_id"], ["agreements.id"], name=op.f(f"fk_{drafts}_answers_id_agreements")),
        sa.PrimaryKeyConstraint("person_id", name=op.f(f"pk_{drafts}")),
    )


def _reject_answers() -> None:
    op.create_table(
        "reject_answers",
        sa.Column("handoff_id", sa.String(36), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_id", sa.String(36), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked", sa.String(32), nullable=False),
        sa.Column("missed_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("answered_by", sa.String(36), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("ruling", sa.String(32), nullable=True),
        _one_of("reject_answers", "asked", ["marketer", "manager", "above"]),
        _one_of("reject_answers", "state", ["waiting", "fixed", "accepted", "disputed", "void"]),
        _one_of("reject_answers", "ruling", ["upheld", "overturned"]),
        sa.CheckConstraint(
            "state = 'void' OR (state = 'waiting') = (answered_at IS NULL)",
            name=op.f("ck_reject_answers_answered_has_instant"),
        ),
        *_refers("reject_answers", handoff_id="handoffs", lead_id="leads", campaign_id="campaigns"),
        *_refers("reject_answers", asked_id="people", answered_by="people"),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_reject_answers")),
    )
    waits = "state = 'waiting'"
    op.create_index(op.f("ix_reject_answers_lead_id"), "reject_answers", ["lead_id"])
    _partial("ix_reject_answers_asked", "reject_answers", ["asked_id", "asked_at", "handoff_id"], waits)
    _partial("ix_reject_answers_waiting", "reject_answers", ["asked_at", "handoff_id"], waits)
    _partial("ix_reject_answers_answered", "reject_answers", ["answered_at"], "answered_at IS NOT NULL")
    _partial("ix_reject_answers_missed", "reject_answers", ["missed_at"], "missed_at IS NOT NULL")


def _disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=True),
        sa.Column("raised_by", sa.String(36), nullable=False),
        sa.Column("side", sa.String(32), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("against", sa.String(36), nullable=True),
        sa.Column("sales_manager_id", sa.String(36), nullable=True),
        sa.Column("marketing_manager_id", sa.String(36), nullable=True),
        sa.Column("arbiter_id", sa.String(36), nullable=True),
        sa.Column("to_arbiter_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("opinions", JSON, nullable=False),
        sa.Column("sales_said", sa.Boolean(), nullable=False),
        sa.Column("marketing_said", sa.Boolean(), nullable=False),
        sa.Column("ruling", sa.String(32), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("decided_by", JSON, nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        _one_of("disputes", "about", ["reject", "definition", "campaign", "goal"]),
        _one_of("disputes", "side", ["sales", "marketing", "leadership", "other"]),
        _one_of("disputes", "state", ["with_managers", "with_arbiter", "settled", "ruled", "taken_back"]),
        _one_of("disputes", "ruling", ["upheld", "overturned"]),
        sa.CheckConstraint(
            "(state IN ('settled', 'ruled')) = (ruling IS NOT NULL)", name=op.f("ck_disputes_decided_has_ruling")
        ),
        *_refers("disputes", lead_id="leads", raised_by="people", against="people"),
        *_refers("disputes", sales_manager_id="people", marketing_manager_id="people", arbiter_id="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index("ix_disputes_case", "disputes", ["case_id", "id"])
    for column in ("subject_id", "raised_at"):
        op.create_index(op.f(f"ix_disputes_{column}"), "disputes", [column])
    _partial("ix_disputes_open", "disputes", ["raised_at", "id"], "state IN ('with_managers', 'with_arbiter')")
    _partial("ux_disputes_reject", "disputes", ["subject_id"], "about = 'reject'", unique=True)
    _partial("ix_disputes_lead", "disputes", ["lead_id", "id"], "lead_id IS NOT NULL")
    op.create_index("ix_disputes_raised_by", "disputes", ["raised_by", "raised_at", "id"])
    _partial("ix_disputes_decided", "disputes", ["decided_at"], "ruling IS NOT NULL")


def _one_of(table: str, column: str, words: list[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f'"{column}" IN ({listed})', name=op.f(f"ck_{table}_{column}"))


def _refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Columns that hold ids of the tables named."""
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
        for column, to in columns.items()
    ]


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _words(table: str, column: str, words: list[str]) -> None:
    """The column takes these words and no others."""
    listed = ", ".join(f"'{word}'" for word in words)
    name, check = f"ck_{table}_{column}", f'"{column}" IN ({listed})'
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, check)
        return
    # SQLite has no other way to change a CHECK than a new table; Alembic's own way would lose the CHECKs. The new one
    # is made beside the old one and takes its name: what refers to the table goes on doing so.
    found = "SELECT {} FROM sqlite_master WHERE type = '{}' AND tbl_name = '{}' AND sql IS NOT NULL"
    made = str(connection.exec_driver_sql(found.format("sql", "table", table)).scalar())
    indexes = connection.exec_driver_sql(found.format("name, sql", "index", table)).all()
    changed, count = re.subn(rf'(CONSTRAINT {name} CHECK) \("{column}" IN \([^)]*\)\)', rf"\1 ({check})", made)
    if count != 1:
        raise RuntimeError(f"{name} is not in {made}")
    beside, count = re.subn(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_new", changed)
    if count != 1:
        raise RuntimeError(f"This does not make {table}: {changed}")
    op.execute(beside)
    op.execute(f"INSERT INTO {table}_new SELECT * FROM {table}")  # noqa: S608 - a name of ours
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    for _, statement in indexes:
        op.execute(statement)
