"""Streams, alerts, and the outbox of their messages."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "streams",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.UniqueConstraint("name", name="uq_streams_name"),
    )
    op.create_table(
        "stream_trackers",
        sa.Column("stream_id", sa.String(32), _of("streams"), primary_key=True),
        sa.Column("tracker_id", sa.String(32), _of("trackers"), primary_key=True),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("tracker_id", sa.String(32), _of("trackers"), nullable=False),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("threshold", sa.Float, nullable=False),
        sa.Column("direction", sa.String(20), nullable=False),
        sa.Column("standing", sa.Boolean, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.UniqueConstraint("name", name="uq_alerts_name"),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("stream_id", sa.String(32), _of("streams")),
        sa.Column("alert_id", sa.String(32), _of("alerts")),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("key", sa.String(100)),
        sa.Column("created", _MOMENT, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("stream_id", sa.String(32), _of("streams")),
        sa.Column("alert_id", sa.String(32), _of("alerts")),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
        sa.Column("unread", sa.Boolean, nullable=False),
    )
    op.create_index("ix_messages_stream", "messages", ["stream_id", "sealed"])
    op.create_table(
        "deliveries",
        sa.Column("message_id", sa.String(32), _of("messages"), primary_key=True),
        sa.Column("channel_id", sa.String(32), _of("channels"), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due", _MOMENT, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("finished", _MOMENT),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "due"])


def _of(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
