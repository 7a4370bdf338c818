"""Question trackers: credits, what judges have said, calls that could not be judged, and why a tracker is paused."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "credit_entries",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("tracker_id", sa.String(32)),
        sa.Column("version", sa.Integer),
        sa.Column("conversation_id", sa.String(400)),
        sa.Column("charge_key", sa.String(64)),
        sa.Column("about", sa.JSON, nullable=False),
        sa.UniqueConstraint("charge_key", name="uq_credit_entries_charge"),
    )
    op.create_index("ix_credit_entries_tracker", "credit_entries", ["tracker_id", "at"])
    op.create_table(
        "credit_rules",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "verdicts",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("judge", sa.String(200), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
    )
    owner = sa.ForeignKey("publications.id", ondelete="CASCADE")
    op.create_table(
        "unjudged",
        sa.Column("publication_id", sa.String(32), owner, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.add_column("trackers", sa.Column("pause_reason", sa.String(60)))
    op.add_column("publications", sa.Column("expected_cost", sa.Float))
