"""Metrics of conversations, their values, and events."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "metrics",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("changed", _MOMENT, nullable=False),
        sa.UniqueConstraint("name", name="uq_metrics_name"),
    )
    op.create_table(
        "metric_values",
        sa.Column("metric_id", sa.String(32), sa.ForeignKey("metrics.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("conversation_id", sa.String(400), primary_key=True),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_table(
        "metric_events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("conversation_id", sa.String(400), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("at_s", sa.Float),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_metric_events_conversation", "metric_events", ["conversation_id"])
