"""JSON as its standard has it, in and out (F16)."""

from __future__ import annotations

import ast
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.small import ROOT
from workbench.domain.plain_json import MAX_WHOLE, NumberRefused, dumps, finite, is_finite, is_plain, kept, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_WHOLE, MAX_WHOLE) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def as_others_read(text: str):
    """As a reader of plain JSON does, such as a browser: no constant is known to it."""

    def no_constant(name: str):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=no_constant)


@given(VALUES)
def test_whatever_is_written_is_json_and_reads_as_the_same_with_null_for_what_is_no_number(value):
    text = dumps(value)
    assert as_others_read(text) == loads(text) == finite(value)
    assert is_plain(finite(value))
    if is_plain(value):
        assert finite(value) == value
        assert text == json.dumps(value)  # so that hashes of it stay what they were


@given(VALUES)
def test_what_is_not_json_is_refused_and_what_was_stored_before_is_read(value):
    before = json.dumps(value)  # as the state was written once
    assert kept(before) == finite(value)
    if is_plain(value):
        assert loads(before) == value
    else:
        with pytest.raises(NumberRefused):
            loads(before)


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 400, "-" + "9" * 400, "9" * 5_000, str(2**63)]
)
def test_numbers_that_cannot_be_kept_are_refused_in_few_words(text):
    for whole in (text, f"[{text}]", f'{{"a": {{"b": {text}}}}}'):
        with pytest.raises(NumberRefused) as refused:
            loads(whole)
        assert len(str(refused.value)) < 120
    assert kept(f"[1, {text}]") == [1, None]


def test_what_can_be_kept_is_read_as_it_is():
    text = f'[1, -1.5, 1e300, {MAX_WHOLE}, {-MAX_WHOLE}, 1e-999, null, true, "NaN"]'
    assert loads(text) == [1, -1.5, 1e300, MAX_WHOLE, -MAX_WHOLE, 0.0, None, True, "NaN"]
    assert kept(text) == loads(text)


def test_keys_that_are_no_numbers():
    assert as_others_read(dumps({math.nan: 1, 2.5: 2})) == {"null": 1, "2.5": 2}


def test_a_circle_and_deep_nesting_are_told():
    circle: list = []
    circle.append(circle)
    with pytest.raises((ValueError, RecursionError)):
        dumps(circle)
    with pytest.raises(ValueError, match="nested"):
        loads("[" * 100_000)


def test_whole_numbers_of_any_size_are_looked_at():
    assert not is_finite(10**400)
    assert not is_finite(-(2**63) - 1)
    assert is_finite(True)


# Whose writing of JSON is its own, and why it is safe.
EXEMPT = {
    "workbench/domain/plain_json.py": "it is this module",
    "workbench/corpus/formats/neutral_model.py": "read again at once by from_json, which names the field of a NaN",
}


def test_nothing_else_writes_json():
    writers = {"json.dumps", "json.dump", "json.JSONEncoder", "orjson.dumps", "simplejson.dumps", "ujson.dumps"}
    for file in sorted((ROOT / "workbench").rglob("*.py")):
        name = str(file.relative_to(ROOT))
        tree = ast.parse(file.read_text())
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        imported = {
            f"{node.module}.{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert name in EXEMPT or not (called | imported) & writers, f"{name}: use workbench.domain.plain_json"


def test_pandas_and_pydantic_which_write_json_too_write_null():
    import pandas as pd

    from workbench.server.models.base import View

    class Numbers(View):
        a: float
        b: dict[str, object]

    written = Numbers(a=math.nan, b={"x": math.inf, "y": [-math.inf]}).model_dump_json()
    assert as_others_read(written) == {"a": None, "b": {"x": None, "y": [None]}}
    frame = pd.DataFrame({"a": [math.nan, math.inf, 1.0], "b": pd.Series([math.nan, -math.inf, 2], dtype=object)})
    assert as_others_read(frame.to_json(orient="records")) == [{"a": None, "b": None}] * 2 + [{"a": 1.0, "b": 2}]
