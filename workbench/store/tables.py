"""The tables, as migrations leave them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
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
    false,
    text,
)

from workbench.store import credit_tables, metric_tables  # their tables belong to the same metadata
from workbench.store.metadata import metadata

__all__ = ["credit_tables", "metadata", "metric_tables"]

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
    Column("active_version", Integer),
    Column("settings", JSON, nullable=False, server_default="{}"),
    Column("pause_reason", String(60)),  # if the workbench paused it, not a person
    Column("revision", Integer, nullable=False, server_default="0"),  # goes up with each change of the definition
    Column("deleted", DateTime(timezone=True)),
    Column("erased", Boolean, nullable=False, server_default=false()),  # forever: only id, name and when are left
    UniqueConstraint("name", name="uq_trackers_name"),  # that of a deleted one has its id behind it
)

# One row a change of a tracker's definition, the newest ones: fields with their old and new values.
tracker_edits = Table(
    "tracker_edits",
    metadata,
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", String(200), nullable=False),
    Column("changes", JSON, nullable=False),
)

# One row a sentence that a round asks about. `probability` is null where it was picked on purpose, `text_key` (that of
# what it said then) where an older version asked.
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
    Column("text_key", BigInteger),
    UniqueConstraint("tracker_id", "sentence_id", name="uq_asked_sentence"),
)

# Answers in the order given; one taken back or changed stays, with `undone` set. `by` is empty if it was not kept;
# one that `settles` was given to end a disagreement.
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
    Column("by", String(200), nullable=False, server_default=""),
    Column("settles", Boolean, nullable=False, server_default=false()),
)
Index(
    "uq_answers_of_each",
    answers.c.tracker_id,
    answers.c.sentence_id,
    answers.c.by,
    answers.c.settles,
    unique=True,
    sqlite_where=text("undone IS NULL"),
    postgresql_where=text("undone IS NULL"),
)

# `basis` says what the estimate rests on: answers, filters, corpus and the like. Those of older versions have none.
rounds = Table(
    "rounds",
    metadata,
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("completed", DateTime(timezone=True), nullable=False),
    Column("estimate", JSON),
    Column("basis", JSON),
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

# One row a version. The cursors count conversations: `past_left` runs down from `first_upcoming`, `next_upcoming` up.
# Versions with the same `reading` read alike. Where several have read a conversation, the results of the one with the
# highest `precedence` stand.
publications = Table(
    "publications",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("published", DateTime(timezone=True), nullable=False),
    Column("past", String(20)),
    Column("since", DateTime(timezone=True)),
    Column("definition", JSON, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("estimate", JSON),
    Column("model_hash", String(64), nullable=False),
    Column("encoder", String(200), nullable=False),
    Column("labels_hash", String(64), nullable=False),
    Column("answers", Integer, nullable=False),
    Column("first_upcoming", BigInteger, nullable=False),
    Column("past_left", BigInteger, nullable=False),
    Column("next_upcoming", BigInteger, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("failure", Text),
    Column("last_run", DateTime(timezone=True)),
    Column("expected_cost", Float),
    Column("reading", String(32), nullable=False, server_default=""),
    Column("precedence", Integer, nullable=False, server_default="0"),
    UniqueConstraint("tracker_id", "version", name="uq_publications_version"),
)

# What a version finds, written together with the cursor's move.
detections = Table(
    "detections",
    metadata,
    Column("publication_id", String(32), ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True),
    Column("sentence_id", String(400), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("score", Float, nullable=False),
)
Index("ix_detections_number", detections.c.publication_id, detections.c.number)

# Conversations that changed after a version had read them: it reads them once more.
rereads = Table(
    "rereads",
    metadata,
    Column("publication_id", String(32), ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
)

# What answered sentences said that are gone since their conversation was corrected.
past_texts = Table(
    "past_texts",
    metadata,
    Column("sentence_id", String(500), primary_key=True),
    Column("before", Text, nullable=False),
    Column("text", Text, nullable=False),
)

streams = Table(
    "streams",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    UniqueConstraint("name", name="uq_streams_name"),
)

stream_trackers = Table(
    "stream_trackers",
    metadata,
    Column("stream_id", String(32), ForeignKey("streams.id", ondelete="CASCADE"), primary_key=True),
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
)

# `standing` is true from when it spoke until its condition no longer holds.
alerts = Table(
    "alerts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), nullable=False),
    Column("measure", String(20), nullable=False),
    Column("days", Integer, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("direction", String(20), nullable=False),
    Column("standing", Boolean, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    UniqueConstraint("name", name="uq_alerts_name"),
)

# Of a stream or of an alert. The key must be known to sign with, so it cannot be kept as a hash.
channels = Table(
    "channels",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("stream_id", String(32), ForeignKey("streams.id", ondelete="CASCADE")),
    Column("alert_id", String(32), ForeignKey("alerts.id", ondelete="CASCADE")),
    Column("kind", String(20), nullable=False),
    Column("target", Text, nullable=False),
    Column("key", String(100)),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("live", Boolean, nullable=False, server_default=false()),
)

# One row a message, written together with what it tells of. It takes up further calls until it is `sealed`.
messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("stream_id", String(32), ForeignKey("streams.id", ondelete="CASCADE")),
    Column("alert_id", String(32), ForeignKey("alerts.id", ondelete="CASCADE")),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("about", JSON, nullable=False),
    Column("sealed", Boolean, nullable=False),
    Column("unread", Boolean, nullable=False),
)
Index("ix_messages_stream", messages.c.stream_id, messages.c.sealed)

# The outbox. Whoever tries moves `due` on first, so that no other process tries meanwhile.
deliveries = Table(
    "deliveries",
    metadata,
    Column("message_id", String(32), ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", String(32), ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", DateTime(timezone=True), nullable=False),
    Column("failure", Text),
    Column("finished", DateTime(timezone=True)),
)
Index("ix_deliveries_due", deliveries.c.state, deliveries.c.due)

# Boards and playbooks: what they are made of is JSON, in which trackers are named by id.
definitions = Table(
    "definitions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    UniqueConstraint("kind", "name", name="uq_definitions_name"),
)

# What people say was found wrongly. One row a person, apart from rounds and answers; `closed` once the trainer is done.
# `by` is the name that is shown; two people may have the same.
wrong_hits = Table(
    "wrong_hits",
    metadata,
    Column("tracker_id", String(32), ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
    Column("sentence_id", String(400), primary_key=True),
    Column("person", String(400), primary_key=True),
    Column("by", String(200), nullable=False),
    Column("note", Text, nullable=False),
    Column("version", Integer),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("closed", DateTime(timezone=True)),
)
Index("ix_wrong_hits_person", wrong_hits.c.person, wrong_hits.c.at)

# Of programs that call the REST API. What a program sends is kept as a hash; a revoked one's name is free again.
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("rights", String(10), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("expires", DateTime(timezone=True)),
    Column("revoked", DateTime(timezone=True)),
    Column("last_used", DateTime(timezone=True)),
)
Index(
    "uq_api_tokens_standing",
    api_tokens.c.name,
    unique=True,
    sqlite_where=text("revoked IS NULL"),
    postgresql_where=text("revoked IS NULL"),
)

# Settings of the whole workspace, such as what imports redact.
settings = Table(
    "settings",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
)
