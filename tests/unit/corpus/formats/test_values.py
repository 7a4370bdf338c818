"""Values as numpy, pandas and Python's own types hold them, in every field of dicts and Conversation objects."""

from __future__ import annotations

import copy
import math
import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.corpus import full_call as calls
from workbench.corpus.formats.given import conversation_from, read_given
from workbench.corpus.formats.neutral_model import NeutralFormError
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.conversations import Conversation, Turn

MARKERS = {
    "None": None,
    "nan": math.nan,
    "float32": np.float32("nan"),
    "float16": np.float16("nan"),
    "longdouble": np.longdouble("nan"),
    "NaT": pd.NaT,
    "NA": pd.NA,
    "datetime64": np.datetime64("NaT"),
    "datetime64[ns]": np.datetime64("NaT", "ns"),
    "timedelta64": np.timedelta64("NaT"),
    "decimal": Decimal("nan"),
    "signalling": Decimal("snan"),
}
FULL = calls.FULL | {
    "kind": "email",
    "turns": [
        {"text": "Is it?", "party": "p", "start_s": 0.0, "end_s": 9.0, "labels": ["fee"]},
        {"text": "It is.", "spans": [{"label": "yes", "start": 0, "end": 5}]},
    ],
}


def paths(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, own in pairs:
        yield from paths(own, (*path, name))


PLACES = [path for path in paths(FULL) if path]


def at(path, *, value=None, drop=False):
    changed = copy.deepcopy(FULL)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return changed


def outcome(item):
    """The conversation without fields that have no value, or why there is none."""
    try:
        found = conversation_from(item)
    except NeutralFormError as error:
        return str(error)
    return replace(found, fields={name: value for name, value in found.fields.items() if value is not None})


@pytest.mark.parametrize("marker", MARKERS)
def test_a_missing_value_counts_as_not_given_wherever_it_stands(marker):
    for path in PLACES:
        assert outcome(at(path, value=MARKERS[marker])) == outcome(at(path, drop=True)), path


@pytest.mark.parametrize("marker", MARKERS)
def test_so_it_does_in_objects_and_a_second_import_is_unchanged(tmp_path, marker):
    lake, value = Lake(tmp_path), MARKERS[marker]
    bare = Conversation(id="a", turns=(Turn(text="Yes."),))
    odd = replace(
        bare, turns=(Turn(text="Yes.", party=value, start_s=value, labels=value),), title=value, fields={"n": value}
    )
    odd = replace(odd, kind=value, parties=value, deal=value, started=value, duration_s=value)
    assert ingest(lake, [bare]).added == 1
    assert ingest(lake, [odd, replace(odd, fields={"n": math.nan, "m": None}), bare]).unchanged == 3


moments = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1))  # noqa: DTZ001, as pandas has them
zones = st.sampled_from([None, "UTC", "Europe/Berlin", "Asia/Tokyo"])


@given(moments, zones)
def test_moments_of_any_type_are_one(moment, zone):
    stamp = pd.Timestamp(moment).tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    forms = [stamp, stamp.to_pydatetime(), stamp.isoformat(), pd.Series([stamp]).iloc[0]]
    if zone is None:
        forms += [np.datetime64(moment, "us"), np.datetime64(moment, "ns")]
    found = {conversation_from(FULL | {"started": form}).started for form in forms}
    assert len(found) == 1


def test_a_day_is_a_moment_too():
    forms = [date(2026, 3, 31), np.datetime64("2026-03-31"), pd.Period("2026-03-31", "D"), "2026-03-31"]
    assert len({conversation_from(FULL | {"started": form}).started for form in forms}) == 1


@given(st.integers(0, 10**10))
def test_durations_of_any_type_are_seconds(milliseconds):
    span = timedelta(milliseconds=milliseconds)
    forms = [span, pd.Timedelta(span), np.timedelta64(milliseconds, "ms"), pd.Timedelta(span).to_timedelta64()]
    for form in forms:
        found = conversation_from(
            FULL | {"duration_s": form, "fields": {"t": form}, "turns": [{"text": "x", "start_s": form}]}
        )
        assert found.duration_s == found.turns[0].start_s == span.total_seconds()
        assert found.fields == {"t": span.total_seconds()}


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_whole_numbers_of_any_type_are_kept_to_the_last_digit(number):
    forms = [number, np.int64(number), Decimal(number), Fraction(number), pd.Series([number], dtype="Int64")[0]]
    forms += [np.uint64(number)] if number >= 0 else []
    for form in forms:
        assert conversation_from(FULL | {"fields": {"n": form}}).fields == {"n": number}
        assert conversation_from(FULL | {"id": form, "account": form}).account == str(number)


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_a_double_is_a_whole_number_where_one_is_meant(number):
    found = conversation_from(FULL | {"id": float(number), "thread": np.float64(number)})
    assert (found.id, found.thread) == (str(number), str(number))
    offset = abs(number) % 1_000
    spans = [{"label": np.int64(7), "start": 0.0, "end": float(offset)}]
    (span,) = conversation_from(FULL | {"turns": [{"text": "x", "spans": spans}]}).turns[0].spans
    assert (span.label, span.start, span.end) == ("7", 0, offset)


def test_doubles_that_pandas_makes_of_whole_numbers_are_no_change(tmp_path):
    lake, call = Lake(tmp_path), {"id": "a", "turns": [{"text": "Yes."}]}
    assert ingest(lake, [call | {"fields": {"n": 3, "m": None}}]).added == 1
    assert ingest(lake, [call | {"fields": {"n": 3.0}}, call | {"fields": {"n": np.float32(3)}}]).unchanged == 2
    assert ingest(lake, [call | {"fields": {"n": 3.5}}], on_change="reject").rejected


TURNS = [{"text": "Is it?", "start_s": 1.0}, {"text": "It is.", "start_s": 2.0}]
MANY = {
    "array": np.array(TURNS, dtype=object),
    "series": pd.Series(TURNS),
    "tuple": tuple(TURNS),
    "frame": pd.DataFrame(TURNS),
    "objects": [Turn(text="Is it?", start_s=1), Turn(text="It is.", start_s=np.float32(2))],
}


@pytest.mark.parametrize("form", MANY)
def test_lists_of_any_type_are_one(form):
    expected = conversation_from(FULL | {"turns": TURNS})
    assert conversation_from(FULL | {"turns": MANY[form]}) == expected
    labels = [np.array(["fee"]), pd.Series(["fee"]), pd.Index(["fee"]), pd.array(["fee"]), pd.Categorical(["fee"])]
    for one in labels:
        assert conversation_from(FULL | {"turns": [{"text": "x", "labels": one}]}).turns[0].labels == ("fee",)


def test_other_types_of_python_are_text_or_numbers():
    number = UUID(int=7)
    item = FULL | {
        "id": number,
        "media": PurePosixPath("calls") / "a.wav",
        "deal": {"id": "d", "amount": Decimal("9.5")},
    }
    found = conversation_from(item | {"fields": {"yes": np.bool_(True), "day": date(2026, 3, 31), "x": Fraction(1, 4)}})
    assert (found.id, found.media, found.deal.amount) == (str(number), os.path.join("calls", "a.wav"), 9.5)
    assert found.fields == {"yes": True, "day": "2026-03-31", "x": 0.25}


@pytest.mark.parametrize("value", [math.inf, -math.inf, np.float32("inf"), Decimal("Infinity"), Decimal("1e999999")])
def test_infinity_is_no_value(value):
    for item in (FULL | {"duration_s": value}, FULL | {"fields": {"n": value}}):
        with pytest.raises(NeutralFormError, match="finite number"):
            conversation_from(item)


def test_a_row_of_a_frame_is_a_conversation():
    frame = pd.DataFrame([FULL | {"duration_s": np.nan}, FULL | {"id": "d"}])
    for _, row in frame.iterrows():
        assert read_given(row).repaired == ""
    assert conversation_from(frame.iloc[0]).duration_s is None
