"""DataFrames, one row a turn or one a conversation: the same as the dicts, and each bad row is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.corpus.formats.given import read_given
from workbench.corpus.frames import rows_of_frame
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.conversations import Conversation, Turn
from workbench.domain.errors import InvalidArgument
from workbench.domain.filters import Filters

SPEAKERS = {"Ann": "company", "Bo": "customer", "Cy": None}
said = st.tuples(
    st.sampled_from(["one", "two", "3"]),
    st.sampled_from(list(SPEAKERS)),
    st.none() | st.floats(0, 1e5),
    st.sampled_from(["Yes.", "The fee.", "はい。"]),
)


def frame_of(rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Call ID": [call for call, *_ in rows],
            "Speaker": [speaker for _, speaker, *_ in rows],
            "side": [SPEAKERS[speaker] for _, speaker, *_ in rows],
            "start": np.array([start for *_, start, _ in rows], dtype=float),
            "text": [text for *_, text in rows],
            "title": [f"Talk {call}" for call, *_ in rows],
            "deal_id": ["d" if call == "one" else np.nan for call, *_ in rows],
            "Region": ["north" if call == "two" else None for call, *_ in rows],
        },
        index=[f"r{at}" for at in range(len(rows))],
    )


def dicts_of(rows) -> list[dict]:
    """The same calls in the neutral form."""
    out = []
    for call in dict.fromkeys(call for call, *_ in rows):
        own = [row for row in rows if row[0] == call]
        speakers = dict.fromkeys(speaker for _, speaker, *_ in own)
        out.append(
            {
                "id": call,
                "title": f"Talk {call}",
                "parties": [{"id": name, "name": name, "side": SPEAKERS[name]} for name in speakers],
                "turns": [{"text": text, "party": speaker, "start_s": start} for _, speaker, start, text in own],
            }
            | ({"deal": {"id": "d"}} if call == "one" else {})
            | ({"fields": {"Region": "north"}} if call == "two" else {})
        )
    return out


def read(frame) -> list:
    return [row.read.conversation for row in rows_of_frame(frame)]


@given(st.lists(said, min_size=1, max_size=12))
def test_rows_of_turns_are_the_same_calls_as_dicts(rows):
    assert read(frame_of(rows)) == [read_given(one).conversation for one in dicts_of(rows)]
    numbered = frame_of(rows).assign(**{"Call ID": pd.Categorical(["3"] * len(rows))})
    as_number = numbered.assign(**{"Call ID": 3.0})
    assert read(numbered) == read(as_number)


@settings(max_examples=50)
@given(st.lists(said, min_size=1, max_size=10), st.data())
def test_a_row_that_cannot_be_taken_is_named_and_loses_nothing_else(rows, data):
    frame = frame_of(rows).astype(object)
    bad = data.draw(st.dictionaries(st.integers(0, len(rows) - 1), st.sampled_from(["text", "start", "id"])))
    for at, what in bad.items():
        column = {"text": "text", "start": "start", "id": "Call ID"}[what]
        frame.iloc[at, frame.columns.get_loc(column)] = {"text": pd.NA, "start": "soon", "id": np.nan}[what]
    found = list(rows_of_frame(frame))
    assert {row.label for row in found if isinstance(row.read, str)} == {f"r{at}" for at in bad}
    spoken: dict[str, list[str]] = {}
    for at, (call, *_, text) in enumerate(rows):
        if at not in bad:
            spoken.setdefault(call, []).append(text)
    kept = {row.read.conversation.id: row.read.conversation for row in found if not isinstance(row.read, str)}
    assert {name: [turn.text for turn in one.turns] for name, one in kept.items()} == spoken


@given(st.lists(said, min_size=1, max_size=8))
def test_rows_of_conversations_are_the_same_calls_as_dicts(rows):
    calls = dicts_of(rows)
    assert read(pd.DataFrame(calls)) == [read_given(one).conversation for one in calls]


def test_rows_that_disagree_about_their_call_are_told_and_the_first_counts(tmp_path):
    frame = pd.DataFrame(
        {
            "id": ["a", "a", "b", "a"],
            "text": ["One.", "Two.", "Three.", "Four."],
            "speaker": ["Ann", "Ann", "Ann", "Ann"],
            "side": ["company", "customer", "customer", None],
            "team": [None, "East", "East", "West"],
            "region": ["n", "n", "s", "s"],
        }
    )
    lake = Lake(tmp_path)
    report = ingest(lake, frame)
    assert (report.added, report.rejected) == (2, ())
    (repair,) = report.repaired
    assert repair.name == "row 0"
    assert repair.what == (
        "row 3: team 'West' differs from 'East', which was kept; row 3: region 's' differs from 'n', which was kept; "
        "row 1: 'Ann': side 'customer' differs from 'company', which was kept"
    )
    card = lake.card("a")
    assert (card.team, card.fields, card.parties[0].side) == ("East", {"region": "n"}, "company")
    assert [turn.text for turn in lake.turns("a")] == ["One.", "Two.", "Four."]


def test_one_dict_one_conversation_and_frames_anywhere_are_taken(tmp_path):
    lake = Lake(tmp_path)
    rows = {"id": ["c"], "text": ["Yes."]}
    assert ingest(lake, {"id": "a", "turns": [{"text": "Yes."}]}).added == 1
    assert ingest(lake, Conversation(id="b", turns=(Turn(text="Yes."),))).added == 1
    assert ingest(lake, pd.DataFrame(rows)).added == 1
    assert ingest(lake, pa.table({"id": ["d"], "text": ["Yes."]})).added == 1
    assert ingest(lake, pd.DataFrame({"text": ["Yes."]}, index=pd.Index(["e"], name="call_id"))).added == 1
    assert ingest(lake, pd.DataFrame()).added == 0
    report = ingest(lake, [pd.DataFrame({"id": ["f", None], "text": ["Yes.", "No."]}), pd.DataFrame({"x": [1]})])
    assert (report.added, [one.name for one in report.rejected]) == (1, ["item 0, row 1", "item 1"])
    assert lake.counts(Filters(scope="any")).calls == 6


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"text": ["Yes."]}), "no column for the conversation's id; name it conversation_id, call_id"),
        (pd.DataFrame({"id": ["a"], "words": ["Yes."]}), "no column for what is said; name it text or utterance"),
        (pd.DataFrame([["a", "b", "c"]], columns=["id", "text", "text"]), "column 'text': there are two"),
        (pd.DataFrame({"id": ["a"], "text": ["b"], "turns": [[]]}), "turns and text: give one of them"),
    ],
)
def test_a_frame_without_the_columns_it_needs_is_refused(tmp_path, frame, reason):
    with pytest.raises(InvalidArgument, match=reason):
        ingest(Lake(tmp_path), frame)


def test_a_value_that_its_call_cannot_have_names_the_row(tmp_path):
    frame = pd.DataFrame({"id": ["a", "b"], "text": ["Yes.", "No."], "started": ["yesterday", "2026-03-31"]})
    report = ingest(Lake(tmp_path), frame)
    assert report.added == 1
    assert str(report.rejected[0]).startswith("row 0: started: must be a date and time such as")


@pytest.mark.parametrize("column", ["deal_stage", "deal_amount", "deal_outcome"])
def test_what_is_told_of_a_deal_without_an_id_names_the_column(tmp_path, column):
    value = {"deal_stage": "Proposal", "deal_amount": 5.0, "deal_outcome": "won"}[column]
    frame = pd.DataFrame({"id": ["a", "b"], "text": ["Hello there.", "Hi."], column: [value, None]})
    report = ingest(Lake(tmp_path), frame)
    assert report.added == 1
    assert [str(one) for one in report.rejected] == [
        "row 0: deal_id: missing, although other columns tell of the deal; give its id, or leave them empty"
    ]
