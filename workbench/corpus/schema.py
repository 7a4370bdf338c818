"""The columns of the three Parquet tables."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

PARTY = pa.struct([(name, pa.string()) for name in ("id", "name", "side", "team", "email")])
SPAN = pa.struct([("label", pa.string()), ("start", pa.int32()), ("end", pa.int32())])

# `number` and `row` count conversations and sentences of the whole lake from 0 without gaps; a conversation's
# sentences are the rows from `first_row` on. `fields` is JSON, `started` is UTC, times are in seconds.
CONVERSATIONS = pa.schema(
    [
        ("number", pa.int64()),
        ("id", pa.string()),
        ("kind", pa.string()),
        ("title", pa.string()),
        ("started", pa.timestamp("us", tz="UTC")),
        ("duration_s", pa.float64()),
        ("direction", pa.string()),
        ("channel", pa.string()),
        ("scope", pa.string()),
        ("language", pa.string()),
        ("account", pa.string()),
        ("deal_id", pa.string()),
        ("deal_stage", pa.string()),
        ("deal_amount", pa.float64()),
        ("deal_outcome", pa.string()),
        ("team", pa.string()),
        ("thread", pa.string()),
        ("media", pa.string()),
        ("fields", pa.string()),
        ("parties", pa.list_(PARTY)),
        ("turns", pa.int32()),
        ("sentences", pa.int32()),
        ("first_row", pa.int64()),
        ("content_hash", pa.string()),
        ("source", pa.string()),
    ]
)

# `speaker` is the party's name, else its id.
TURNS = pa.schema(
    [
        ("number", pa.int64()),
        ("conversation_id", pa.string()),
        ("turn", pa.int32()),
        ("party", pa.string()),
        ("side", pa.string()),
        ("speaker", pa.string()),
        ("team", pa.string()),
        ("start_s", pa.float64()),
        ("end_s", pa.float64()),
        ("text", pa.string()),
        ("labels", pa.list_(pa.string())),
        ("spans", pa.list_(SPAN)),
    ]
)

# `position` in [0, 1] is where in the call the sentence starts, by time if known, else by turn;
# `position_s` and `seconds_left` are seconds from the start and to the end of the call.
SENTENCES = pa.schema(
    [
        ("row", pa.int64()),
        ("number", pa.int64()),
        ("id", pa.string()),
        ("conversation_id", pa.string()),
        ("turn", pa.int32()),
        ("index", pa.int32()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("start_s", pa.float64()),
        ("text", pa.string()),
        ("text_key", pa.int64()),
        ("before_key", pa.int64()),
        ("side", pa.string()),
        ("speaker", pa.string()),
        ("position", pa.float64()),
        ("position_s", pa.float64()),
        ("seconds_left", pa.float64()),
        ("labels", pa.list_(pa.string())),
    ]
)

# The folder in which a corpus stores what can be recreated; backups leave it out.
DERIVED = "derived"

SCHEMAS = {"conversations": CONVERSATIONS, "turns": TURNS, "sentences": SENTENCES}


class Tables(NamedTuple):
    """One table of each kind; ``number``, ``row`` and ``first_row`` count from 0 within a batch."""

    conversations: pa.Table
    turns: pa.Table
    sentences: pa.Table
