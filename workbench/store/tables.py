"""The tables, as migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

trackers = Table(
    "trackers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("description", Text, nullable=False),
    Column("filters", JSON, nullable=False),
    Column("examples", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("seed", Integer, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("threshold", String(40), nullable=False, server_default="balanced"),
    UniqueConstraint("name", name="uq_trackers_name"),
)

# One row a sentence that a round asks about. `probability` is null where it was picked on purpose.
asked = Table(
    "asked",
    metadata,
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sentence_id", String(400), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("probability", Float),
    Column("score", Float, nullable=False),
    UniqueConstraint("tracker_id", "sentence_id", name="uq_asked_sentence"),
)

# Answers in the order given; one taken back or changed stays, with `undone` set.
answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), nullable=False),
    Column("sentence_id", String(400), nullable=False),
    Column("round", Integer, nullable=False),
    Column("answer", String(10), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("undone", DateTime(timezone=True)),
)
Index(
    "uq_answers_standing",
    answers.c.tracker_id,
    answers.c.sentence_id,
    unique=True,
    sqlite_where=text("undone IS NULL"),
    postgresql_where=text("undone IS NULL"),
)

rounds = Table(
    "rounds",
    metadata,
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("completed", DateTime(timezone=True), nullable=False),
    Column("estimate", JSON),
)

# One row a round: recipe, seed, versions, encoder and pool that it was drawn with. Rounds of older versions have none.
openings = Table(
    "openings",
    metadata,
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("opened", DateTime(timezone=True), nullable=False),
    Column("about", JSON, nullable=False),
)
