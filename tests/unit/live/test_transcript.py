"""Turns as they are heard and corrected, and their sentences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.sentences import sentences_of
from workbench.domain.conversations import Conversation, Party, Side
from workbench.domain.live import LiveTurn
from workbench.live.transcript import Heard, Transcript

ABOUT = Conversation(id="c", turns=(), language="en", parties=(Party(id="a", name="Ann", side=Side.COMPANY),))
words = st.lists(st.sampled_from(["Yes.", "Too much!", "no", "", "Well, I think so.", "…"]), max_size=4).map(" ".join)
updates = st.lists(st.tuples(st.sampled_from("abcd"), words, st.booleans()), max_size=20)


def turn(id: str, text: str, **more) -> LiveTurn:
    return LiveTurn(id=id, text=text, **{"party": "a", **more})


def test_a_correction_keeps_its_place_and_reaches_what_follows():
    said = Transcript(ABOUT)
    assert said.put(turn("1", "It is. Too dear")) == 0
    assert said.put(turn("2", "I see.")) == 1
    assert said.put(turn("1", "It is. Too dear for us. Sorry.", final=False)) == 0
    heard = said.touched_by(0)
    assert [(one.id, one.text, one.before) for one in heard] == [
        ("c:0:0", "It is.", ""),
        ("c:0:1", "Too dear for us.", ""),
        ("c:0:2", "Sorry.", ""),
        ("c:1:0", "I see.", "Sorry."),
    ]
    assert [one.final for one in heard] == [False, False, False, True]
    assert {(one.speaker, one.side) for one in heard} == {("Ann", "company")}


def test_who_is_not_known_has_no_side_until_it_is_said():
    said = Transcript(ABOUT)
    said.put(turn("1", "Hello.", party="b"))
    assert [(one.speaker, one.side) for one in said.all()] == [("b", None)]
    said.add_party(Party(id="b", name="Bo", side=Side.CUSTOMER))
    assert [(one.speaker, one.side) for one in said.all()] == [("Bo", "customer")]
    assert [party.id for party in said.about.parties] == ["a", "b"]


@given(updates)
def test_what_is_heard_in_the_end_is_what_the_corpus_would_split(told):
    """And what each correction touches covers all that it changes."""
    said, known = Transcript(ABOUT), dict[str, Heard]()
    for id, text, final in told:
        place = said.put(turn(id, text, final=final))
        touched = said.touched_by(place)
        known = {name: one for name, one in known.items() if one.turn != place} | {one.id: one for one in touched}
        assert known == {one.id: one for one in said.all()}
    recorded = list(sentences_of(said.conversation()))
    assert [(one.id, one.text, one.start, one.end) for one in said.all()] == [
        (one.id, one.text, one.start, one.end) for one in recorded
    ]


def test_the_language_is_told_from_the_words_where_the_call_does_not_say_it():
    said = Transcript(Conversation(id="c", turns=()))
    said.put(turn("1", "Guten Morgen, haben Sie heute Zeit für ein Gespräch über unsere Preise?"))
    assert said.tell_language()
    assert said.language == "de"
    assert not said.tell_language()
    assert not Transcript(ABOUT).tell_language()
