"""Settings of a question tracker: the builder, free text, and going between the two."""

from __future__ import annotations

import pytest

from workbench.domain.errors import InvalidTracker
from workbench.trackers.definitions import changed, new_definition
from workbench.trackers.question import QuestionSettings, built, written_freely
from workbench.trackers.question_builder import compose, set_phrases, side_of
from workbench.trackers.refinements import refinements

SECTIONS = {"who": "customer", "what": "ask_for", "about": "discount"}


def checked(**settings):
    return QuestionSettings.checked(settings)


def test_every_choice_makes_a_question_that_says_what_counts():
    phrases = set_phrases()
    assert [len(phrases[name]) >= 3 for name in ("who", "what", "about")] == [True] * 3
    for about in phrases["about"]:
        for what in phrases["what"]:
            question, details = compose({"who": "company", "what": what.key, "about": about.key})
            assert question == f"Did our rep {what.phrase} {about.phrase}?"
            assert about.details in details
            assert what.details in details


def test_an_own_topic_and_edited_details():
    question, details = compose({"who": "anyone", "what": "mention", "topic": "the  new warehouse"})
    assert question == "Did anyone mention the new warehouse?"
    assert "passing word" in details
    assert compose(SECTIONS | {"details": "Only money off."}).details == "Only money off."
    assert compose(SECTIONS | {"details": ""}).details == ""
    assert side_of(SECTIONS) == "customer"


def test_free_text_carries_over_what_was_filled_in_and_going_back_restores():
    builder = checked(sections=SECTIONS | {"details": "Only money off."})
    assert not builder.free
    free = checked(**written_freely(builder).to_dict())
    assert free.asked == builder.asked == ("Did the customer ask for a discount?", "Only money off.")
    edited = checked(**(free.to_dict() | {"question": "Did they haggle?"}))
    assert edited.asked.question == "Did they haggle?"
    assert checked(**built(edited).to_dict()) == builder
    with pytest.raises(InvalidTracker, match="not built from sections"):
        built(checked(question="Did they haggle?"))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "question: ask"),
        ({"question": "???"}, "question: ask"),
        ({"question": "x" * 301}, "question: must have at most 300 characters, not 301"),
        ({"question": "Did they?", "details": 4}, "details: give a text"),
        ({"question": "Did they?", "least": 1}, "least: 1"),
        (
            {"question": "Did they?", "judge": "oracle"},
            "judge: must be one of local, endpoint or cross-encoder:NAME, not 'oracle'",
        ),
        ({"question": "Did they?", "judge": "cross-encoder:"}, "judge"),
        ({"question": "Did they?", "words": ["a"]}, "words"),
        ({"question": "Did they?", "sections": SECTIONS}, "question: generated from the sections"),
        ({"free": False}, "sections: choose"),
        ({"free": "yes", "question": "Did they?"}, "free: 'yes'"),
        ({"sections": {"who": "customer", "about": "discount"}}, "sections: what is missing"),
        ({"sections": SECTIONS | {"about": "weather"}}, "sections.about: must be one of .*, not 'weather'"),
        ({"sections": SECTIONS | {"topic": "x"}}, "not both"),
        ({"sections": SECTIONS | {"mood": "x"}}, "mood"),
        ({"sections": ["customer"]}, "sections: give"),
    ],
)
def test_what_cannot_be_used_is_named(settings, told):
    with pytest.raises(InvalidTracker, match=told):
        QuestionSettings.checked(settings)


def test_the_sections_say_whose_side():
    spec = new_definition("Discounts", "question", sections=SECTIONS)
    assert spec.filters.side == "customer"
    assert new_definition("Any", "question", question="Did they?").filters.side == "anyone"
    with pytest.raises(InvalidTracker, match="set free"):
        changed(spec, {"question": "Did they haggle?"})
    assert changed(spec, {"question": "Did they haggle?", "free": True}).settings["sections"] == SECTIONS


@pytest.mark.parametrize(
    ("question", "flaws"),
    [
        ("Did the customer ask for a discount?", []),
        ("Did the customer say that they are not happy?", []),
        ("Why did the customer leave us?", ["open"]),
        ("Did the customer ask about the price and did they complain?", ["double"]),
        ("Did the customer call us? Were they angry?", ["double"]),
        ("Did the customer never mention the budget?", ["negation"]),
        ("Did the customer mention a competitor?", ["names"]),
        ("Did our rep explain the contract?", ["side"]),
        ("Did the customer discuss something relevant?", ["vague"]),
        ("Pricing?", ["broad"]),
        ("Did the customer mention [name of the product]?", ["placeholder"]),
    ],
)
def test_refinements_are_specific(question, flaws):
    assert [one.flaw for one in refinements(question, side="customer")] == flaws


def test_refinements_say_what_to_put_in_its_place():
    (found,) = refinements("Did our rep explain the contract?")
    assert found.side == "company"
    (found,) = refinements("Did the customer mention a competitor?", "As Acme is.", "customer") or [None]
    assert found is None
