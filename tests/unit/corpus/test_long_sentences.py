"""Long sentences in parts: nothing lost, none too long, no letter divided, and cut where people pause."""

from __future__ import annotations

from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.long_sentences import cut
from workbench.corpus.sentences import MAX_SPLIT, spans
from workbench.corpus.word_pieces import load_of
from workbench.domain.texts import is_blank

LETTERS = [
    *["a", "é", "e\u0301", "値", "が", "か\u3099", "가", "ำ", "กี่", "เ", "क्षि", "ប្រ", "မြ", "ß", "7"],
    *["🙂", "👨\u200d👩\u200d👧", "🇩🇪", "\ud83d\ude42"],
]
MARKS = ["、", "，", "؛", ", ", "; ", "。", ". ", " ", "\n", " – ", "-", "/", "%", "\0", "\u200b"]
pieces = st.lists(
    st.tuples(st.sampled_from(LETTERS + MARKS), st.sampled_from([1, 1, 2, 7, 40, 130, 300])), min_size=1, max_size=25
).map(lambda parts: "".join(one * times for one, times in parts))


def clusters(text: str) -> set[int]:
    """Where a text may be divided: between letters, after white space, and within what no encoder can read."""
    found = list(regex.finditer(r"[\ud800-\udbff][\udc00-\udfff]|\X", text))
    heavy = {place for one in found if len(one[0]) > 50 and load_of(one[0]) > 1 for place in range(*one.span())}
    spaces = {one.start() + 1 for one in found if one[0][0].isspace()}
    return {one.start() for one in found} | {len(text)} | heavy | spaces


@given(pieces, st.sampled_from([None, "th", "ja", "en"]), st.sampled_from(["sentence", "turn"]))
def test_parts_cover_the_text_are_short_and_divide_no_letter(text, language, unit):
    found = spans(text, language, unit=unit)
    outside, whole = text, clusters(text)
    assert all(a_end <= b_start for (_, a_end), (b_start, _) in pairwise(found))
    for start, end in reversed(found):
        assert load_of(text[start:end], words=unit == "sentence") <= 1
        assert {start, end} <= whole
        outside = outside[:start] + " " + outside[end:]
    assert is_blank(outside)


def parts_of(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    ("clause", "mark"),
    [
        ("we would have to look at what it costs", ", "),
        ("we would have to look at what it costs", "; "),
        ("we would have to look at what it costs", " – "),
        ("値段が高すぎて困っているのですが", "、"),
        ("我觉得你们的价格实在是太高了", "，"),
        ("نحن نعتقد أن السعر مرتفع جدا", "، "),
        ("ဈေးအရမ်းကြီးတယ်လို့ထင်တယ်", "၊"),
    ],
)
def test_a_long_sentence_is_cut_at_clauses(clause, mark):
    found = parts_of(mark.join([clause] * 30))
    assert len(found) > 1
    for part in found:
        assert set(part.split(mark.strip())) - {""} <= {clause, f"{clause} ", f" {clause}", f" {clause} "}


def test_without_clauses_it_is_cut_between_words_and_without_words_between_letters():
    assert {word for part in parts_of("strengthening " * 100) for word in part.split()} == {"strengthening"}
    long = parts_of("see " + "x" * 230 + " please")
    assert "".join(long).replace(" ", "") == "see" + "x" * 230 + "please"
    assert all(max(map(len, part.split())) <= 100 for part in long)
    assert [part for part in parts_of("値段が高すぎます" * 40) if len(part) < 60] == []


def test_a_word_is_divided_only_where_it_has_to_be():
    link = "https://example.com/" + "/".join(["offers"] * 20)
    assert parts_of(f"Look at {link} please.") == [f"Look at {link} please."]


def test_parts_are_of_about_the_same_length():
    lengths = [len(part) for part in parts_of("値" * 1_000)]
    assert max(lengths) - min(lengths) <= 1


def test_a_cluster_that_no_encoder_reads_is_divided():
    heavy = "क" + "\u094dक" * 400
    assert len(list(cut(heavy, 0, len(heavy)))) > 1


def test_a_passage_that_is_split_at_once_ends_between_letters():
    text = "a👨\u200d👩\u200d👧" * MAX_SPLIT
    assert {place for span in spans(text) for place in span} <= clusters(text)
