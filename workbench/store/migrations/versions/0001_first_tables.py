"""Trackers, what their rounds asked, the answers, and the estimates."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _tracker_id(primary_key: bool = False) -> sa.Column[str]:
    owner = sa.ForeignKey("trackers.id", ondelete="CASCADE")
    return sa.Column("tracker_id", sa.String(32), owner, primary_key=primary_key, nullable=False)


def upgrade() -> None:
    op.create_table(
        "trackers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("filters", sa.JSON, nullable=False),
        sa.Column("examples", sa.JSON, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.UniqueConstraint("name", name="uq_trackers_name"),
    )
    op.create_table(
        "asked",
        _tracker_id(primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("sentence_id", sa.String(400), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("probability", sa.Float),
        sa.Column("score", sa.Float, nullable=False),
        sa.UniqueConstraint("tracker_id", "sentence_id", name="uq_asked_sentence"),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _tracker_id(),
        sa.Column("sentence_id", sa.String(400), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("undone", _MOMENT),
    )
    standing = sa.text("undone IS NULL")
    op.create_index(
        "uq_answers_standing",
        "answers",
        ["tracker_id", "sentence_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "rounds",
        _tracker_id(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("completed", _MOMENT, nullable=False),
        sa.Column("estimate", sa.JSON),
    )
