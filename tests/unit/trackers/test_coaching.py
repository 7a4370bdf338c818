import pytest

from workbench.trackers.coaching import (
    coach_description,
    coach_examples,
    coach_name,
    likeness,
    sentences_in,
)

GOOD = [
    "That's just not in our price range.",
    "Could you go any lower on that cost?",
    "We were hoping to spend about half of this.",
    "Our finance team will never sign off on that number.",
    "The other vendor quoted us a lot less.",
]


def messages(advice, level=None):
    return [item.message for item in advice if level in (None, item.level)]


def test_a_good_tracker_gets_no_advice():
    assert coach_name("Pricing objections") == []
    assert coach_description("The customer says that our price is too high.", "Pricing objections") == []
    assert coach_examples(GOOD) == []


@pytest.mark.parametrize(
    ("name", "level", "part"),
    [
        ("   ", "error", "name"),
        ("x" * 81, "error", "at most 80"),
        ("Pricing", "tip", "many things"),
        ("Customers who say that the price is too high", "tip", "sentence"),
        ("Objections about price and terms and delivery", "tip", "7 words"),
        ("PO", "tip", "Spell"),
    ],
)
def test_name(name, level, part):
    (advice,) = coach_name(name)
    assert (advice.field, advice.level) == ("name", level)
    assert part in advice.message


def test_description_that_only_repeats_the_name():
    assert "repeats" in coach_description("Pricing objections", "Pricing objections")[0].message
    assert coach_description("", "x")[0].level == "tip"


def test_missing_examples_are_counted():
    assert messages(coach_examples(GOOD[:4])) == ["Add 1 more example."]
    assert messages(coach_examples(["", " "])) == ["Add 5 more examples."]


def test_repeats_name_both_examples_by_their_place():
    examples = [*GOOD[:3], "", "could you go any lower on that cost", "Can you go any lower on that cost?"]
    advice = coach_examples([*examples, GOOD[4]])
    assert advice[0].message == "Example 5 is the same as example 2. Remove one."
    assert (advice[0].index, advice[0].level) == (4, "error")
    assert advice[1].message == "Example 6 says the same as example 2. Different wording teaches more."


def test_each_example_is_one_short_specific_sentence():
    examples = [
        "It is too expensive. Could you do better?",
        "Okay, that sounds good.",
        "word " * 30,
        "Too pricey!",
        GOOD[0],
    ]
    by_index = {item.index: item for item in coach_examples(examples)}
    assert "2 sentences" in by_index[0].message
    assert "general" in by_index[1].message
    assert "30 words" in by_index[2].message
    assert by_index[3].level == "tip"


def test_all_questions():
    questions = [
        "Any discount?",
        "How low can you go there?",
        "Is this the final quote?",
        "Why so expensive?",
        "Who pays?",
    ]
    assert "All are questions" in messages(coach_examples(questions))[-1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("One.", 1),
        ("Dr. Lee paid $4.50 for it.", 1),
        ("Yes. No.", 2),
        ("Wait… what?", 1),
        ("Why?!", 1),
    ],
)
def test_sentences_are_those_of_the_corpus(text, count):
    assert len(sentences_in(text)) == count


def test_likeness_is_symmetric_and_bounded():
    assert likeness(GOOD[0], GOOD[0]) == 1.0
    assert likeness(GOOD[0], GOOD[1]) == likeness(GOOD[1], GOOD[0]) < 0.6
    assert likeness("", "") == 1.0 or likeness("", "") == 0.0


def test_more_than_a_hundred():
    assert "at most 100" in messages(coach_examples([f"Sentence {n} about topic {n * n}" for n in range(101)]))[-1]
