"""The events by which finds come to be what they are."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.live import LiveEvent, LiveKind
from workbench.live.finds import Finder, LiveFinds, Moment
from workbench.live.transcript import Heard

NOW = Moment(datetime(2026, 1, 1, tzinfo=UTC), 0.01)
FINDERS = {name: Finder(name, name.upper(), 1) for name in "xyz"}


def heard(turn: int, index: int, text: str, final: bool = True) -> Heard:
    return Heard(
        id=f"c:{turn}:{index}", turn=turn, start=index, end=index + len(text), text=text, before="", speaker="Ann",
        side="customer", start_s=1.0, language="en", final=final,
    )  # fmt: skip


def kinds(events):
    return [(str(one.kind), one.tracker, one.text) for one in events]


def test_a_guess_is_found_changed_and_confirmed():
    finds = LiveFinds("c")
    assert kinds(finds.settle(heard(0, 0, "too", False), {"x": 0.7}, FINDERS, NOW)) == [("found", "X", "too")]
    assert finds.settle(heard(0, 0, "too", False), {"x": 0.7}, FINDERS, NOW) == []
    (changed,) = finds.settle(heard(0, 0, "too dear", False), {"x": 0.8}, FINDERS, NOW)
    assert changed.kind is LiveKind.CHANGED
    assert changed.provisional
    (confirmed,) = finds.settle(heard(0, 0, "too dear"), {"x": 0.8}, FINDERS, NOW)
    assert confirmed.kind is LiveKind.CONFIRMED
    assert finds.standing == [confirmed]
    assert finds.settle(heard(0, 0, "too dear"), {"x": 0.8}, FINDERS, NOW) == []


def test_what_a_correction_takes_away_is_withdrawn():
    finds = LiveFinds("c")
    finds.settle(heard(0, 0, "dear"), {"x": 1.0, "y": 1.0}, FINDERS, NOW)
    finds.settle(heard(0, 1, "gone"), {"x": 1.0}, FINDERS, NOW)
    assert kinds(finds.settle(heard(0, 0, "deer"), {"y": 1.0}, FINDERS, NOW)) == [
        ("changed", "Y", "deer"),
        ("withdrawn", "X", "dear"),
    ]
    assert kinds(finds.cut({0}, {"c:0:0"}, NOW)) == [("withdrawn", "X", "gone")]
    assert kinds(finds.keep_only({"x"}, NOW)) == [("withdrawn", "Y", "deer")]
    assert finds.standing == []


found = st.sets(st.sampled_from("xyz"))
step = st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from(["a", "b"]), found, st.booleans())


@given(st.lists(step, max_size=25))
def test_whoever_hears_every_event_knows_what_stands(told):
    """Written to a journal and read again, too; and what stands is what was last said of each sentence."""
    finds, follower, last = LiveFinds("c"), LiveFinds("c"), {}
    for turn, index, text, found, final in told:
        one = heard(turn, index, text, final)
        events = finds.settle(one, dict.fromkeys(found, 0.5), FINDERS, NOW)
        last[one.id] = found
        for event in events:
            follower.restore(LiveEvent.from_dict(event.to_dict()))
        assert follower.standing == finds.standing
    assert {(one.sentence_id, one.tracker_id) for one in finds.standing} == {
        (id, name) for id, found in last.items() for name in found
    }
