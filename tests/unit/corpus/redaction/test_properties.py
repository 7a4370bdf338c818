"""Whatever a text holds: redacting twice changes nothing, spans stay where they belong, and the rest is as it was."""

from __future__ import annotations

import re
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.corpus.redaction.properties import conversations, texts
from workbench.corpus.redaction.kinds import CHOICES, KINDS, PLACEHOLDER, PLACEHOLDERS, redaction_kinds
from workbench.corpus.redaction.redactor import Redactor
from workbench.domain.conversations import Conversation, LabelSpan, Turn

ALL = Redactor(KINDS, lambda _language: None)


@settings(max_examples=400, deadline=None)
@given(conversations(), st.sets(st.sampled_from(CHOICES)))
def test_redacting_twice_changes_nothing(conversation, chosen):
    redactor = Redactor(redaction_kinds(sorted(chosen)), lambda _language: None)
    once = redactor.redact(conversation)
    twice = redactor.redact(once.conversation)
    assert twice.conversation == once.conversation
    assert not twice.counts


@settings(max_examples=200, deadline=None)
@given(conversations())
def test_only_placeholders_are_new_and_the_rest_stays_in_its_order(conversation):
    found = ALL.redact(conversation).conversation
    for before, after in zip(conversation.turns, found.turns, strict=True):
        rest = re.split(PLACEHOLDER, after.text)
        assert re.fullmatch(".+".join(map(re.escape, rest)), before.text, re.DOTALL) or before.text == after.text


@settings(max_examples=200, deadline=None)
@given(conversations())
def test_spans_stay_within_the_text_and_around_the_same_words(conversation):
    found = ALL.redact(conversation).conversation
    for before, after in zip(conversation.turns, found.turns, strict=True):
        for old, new in zip(before.spans, after.spans, strict=True):
            assert 0 <= new.start < new.end <= len(after.text)
            kept = re.sub(PLACEHOLDER, "", after.text[new.start : new.end])
            assert len(kept) <= len(before.text[old.start : old.end])
            if before.text == after.text:
                assert (old.start, old.end) == (new.start, new.end)


@settings(max_examples=200, deadline=None)
@given(st.text(string.ascii_letters + " .,!?;-", max_size=300), st.integers(0, 999_999))
def test_text_without_any_of_the_kinds_is_unchanged(text, number):
    """Letters and a short number hold no address and no number that is long enough."""
    text = re.sub("(?i)name|this is|it'?s|speak|i am|call", "", text) + f" {number} "
    words = Redactor([kind for kind in KINDS if kind != "name"], lambda _language: None)
    turn = Turn(text=text)
    assert words.redact(Conversation(id="c", turns=(turn,))).conversation.turns == (turn,)


@settings(max_examples=200, deadline=None)
@given(texts(8), texts(8), st.sampled_from(["card", "email"]))
def test_what_stands_between_others_is_found(before, after, kind):
    said = {"card": "4111 1111 1111 1111", "email": "ann.lee@example.com"}[kind]
    text = f"{before} | {said} | {after}"
    found = ALL.redact(Conversation(id="c", turns=(Turn(text=text),))).conversation.turns[0].text
    assert f"| {PLACEHOLDERS[kind]} |" in found


def test_a_span_that_begins_within_what_is_replaced_takes_in_the_placeholder():
    text = "card 4111 1111 1111 1111 ok"
    places = {"a": (7, 24), "b": (0, 8), "c": (25, 27)}
    spans = tuple(LabelSpan(label=label, start=start, end=end) for label, (start, end) in places.items())
    turn = ALL.redact(Conversation(id="c", turns=(Turn(text=text, spans=spans),))).conversation.turns[0]
    assert turn.text == "card [CARD] ok"
    assert [turn.text[one.start : one.end] for one in turn.spans] == ["[CARD]", "card [CARD]", "ok"]
