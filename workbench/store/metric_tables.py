"""The tables of metrics, their values and events."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from workbench.store.metadata import metadata

# What metrics are made of is JSON, as the domain checks it; trackers are named by id.
metrics = Table(
    "metrics",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("body", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("changed", DateTime(timezone=True), nullable=False),
    UniqueConstraint("name", name="uq_metrics_name"),
)


# What was logged or judged; what trackers say is asked of their detections.
metric_values = Table(
    "metric_values",
    metadata,
    Column("metric_id", String(32), ForeignKey("metrics.id", ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", String(400), primary_key=True),
    Column("value", String(200), nullable=False),
    Column("source", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


metric_events = Table(
    "metric_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(400), nullable=False),
    Column("name", String(200), nullable=False),
    Column("value", JSON, nullable=False),
    Column("at_s", Float),
    Column("at", DateTime(timezone=True), nullable=False),
)
Index("ix_metric_events_conversation", metric_events.c.conversation_id)
