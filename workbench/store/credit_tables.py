"""The tables for what judges cost and answered."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from workbench.store.metadata import metadata

# The ledger: rows are added, never changed. Amounts are millionths of a credit, below 0 for use; what has been charged
# for once is known by `charge_key`. Trackers have no foreign key here: what was spent on one that is gone was spent.
credit_entries = Table(
    "credit_entries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("tracker_id", String(32)),
    Column("version", Integer),
    Column("conversation_id", String(400)),
    Column("charge_key", String(64)),
    Column("about", JSON, nullable=False),
    UniqueConstraint("charge_key", name="uq_credit_entries_charge"),
)


Index("ix_credit_entries_tracker", credit_entries.c.tracker_id, credit_entries.c.at)

# Prices and caps; and the balance, which is the sum of the ledger, in a row that can be locked.
credit_rules = Table(
    "credit_rules",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("amount", BigInteger, nullable=False),
)


# What a judge has said, by a hash of all that it was given.
verdicts = Table(
    "verdicts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("judge", String(200), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
)


# Calls that a version has passed over because they could not be judged; to be tried again.
unjudged = Table(
    "unjudged",
    metadata,
    Column("publication_id", String(32), ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
