"""A vocabulary measured over a corpus: shares that hold in any corpus, entries that add up, and "not"."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import InvalidModelFile
from workbench.trackers.phrase_model import BACKGROUND, PhraseModel, background, model_of
from workbench.trackers.phrase_model_file import read_phrase_model, write_phrase_model

SAID = (
    "I need more time.",
    "I don't need more time.",
    "The price is too high.",
    "It is cheap.",
    "Nobody called me back.",
    "Please call me.",
    "We agree, but not on the price.",
)
vocabularies = st.lists(st.sampled_from(SAID), min_size=1, max_size=5, unique=True)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def corpus_of(count: int, seed: int, spread: float = 1.0, dimension: int = 24) -> np.ndarray:
    """Return vectors that have something in common, more of it the smaller their ``spread``."""
    rng = np.random.default_rng(seed)
    scales = np.geomspace(1, 0.1, dimension)
    return unit(rng.normal(size=dimension) + spread * scales * rng.standard_t(5, size=(count, dimension)))


def model(vocabulary: list[str], corpus: np.ndarray) -> tuple[PhraseModel, np.ndarray]:
    made = dict(zip(SAID, corpus_of(len(SAID), 1), strict=True))
    entries = np.stack([made[text] for text in vocabulary])
    return model_of(entries, corpus, corpus_of(40, 2)), entries


@given(few=vocabularies, more=vocabularies, size=st.sampled_from([0, 3, 60, 700]), seed=st.integers(0, 50))
def test_another_entry_never_removes_a_match(few: list[str], more: list[str], size: int, seed: int) -> None:
    corpus, upcoming = corpus_of(size, seed), corpus_of(len(SAID) * 20, seed + 100)
    texts = [(text, "en") for text in SAID] * 20
    larger = [*(text for text in more if text not in few), *few]
    before = model(few, corpus)[0].scores_said(upcoming, texts, few)
    after = model(larger, corpus)[0].scores_said(upcoming, texts, larger)
    assert (after >= before - 2e-5).all()
    for closeness in (0.1, 0.2, 0.3, 0.4, 0.6):
        assert set(np.flatnonzero(before >= closeness + 2e-5)) <= set(np.flatnonzero(after >= closeness))


@pytest.mark.parametrize("spread", [0.05, 0.3, 1.0, 5.0])
@pytest.mark.parametrize(("closeness", "share"), [(0.2, 0.1), (0.4, 0.01), (0.5, 0.00316)])
def test_a_closeness_means_the_same_share_in_any_corpus(spread: float, closeness: float, share: float) -> None:
    corpus = corpus_of(40_000, 3, spread)
    measured = model_of(corpus[:1], corpus[background(len(corpus))], corpus[:0])
    found = float((measured.scores(corpus[1:]) >= closeness).mean())
    assert share / 1.35 < found < share * 1.35


def test_a_sentence_is_not_found_by_an_entry_that_it_negates() -> None:
    corpus = corpus_of(700, 4)
    (vocabulary,) = [["I need more time."]]
    measured, entries = model(vocabulary, corpus)
    near = unit(entries + 0.1 * corpus[:1])
    assert measured.scores_said(near, [("I need some more time.", "en")], vocabulary)[0] > 0.4
    assert measured.scores_said(near, [("I don't need more time.", "en")], vocabulary)[0] == 0
    assert measured.scores_said(near, [("I don't need more time.", "fi")], vocabulary)[0] > 0.4
    both = [*vocabulary, "I don't need more time."]
    measured, entries = model(both, corpus)
    assert measured.scores_said(entries[1:], [("I don't need more time.", "en")], both)[0] == 1


def test_a_repeated_entry_scores_one_and_nothing_else_does() -> None:
    measured, entries = model([SAID[0]], corpus_of(700, 5))
    assert measured.scores(entries)[0] == 1
    assert measured.scores(corpus_of(5_000, 6)).max() < 1


def test_what_is_not_looked_at_word_by_word_scores_no_lower() -> None:
    corpus = corpus_of(700, 7)
    vocabulary = [*SAID[:4]]
    measured, _ = model(vocabulary, corpus)
    upcoming, texts = corpus_of(70, 8), [(text, "en") for text in SAID] * 10
    assert (measured.scores(upcoming) >= measured.scores_said(upcoming, texts, vocabulary)).all()


def test_of_many_sentences_the_same_ones_are_drawn_each_time() -> None:
    assert background(7).tolist() == [*range(7)]
    drawn = background(3 * BACKGROUND)
    assert len(set(drawn.tolist())) == BACKGROUND
    assert (drawn == background(3 * BACKGROUND)).all()


def test_a_model_is_read_as_it_was_written(tmp_path) -> None:
    measured, _ = model([*SAID], corpus_of(300, 9))
    file = tmp_path / "a" / "version-1.safetensors"
    write_phrase_model(file, measured)
    again = read_phrase_model(file)
    upcoming = corpus_of(50, 10)
    assert (again.scores(upcoming) == measured.scores(upcoming)).all()


def test_a_damaged_file_is_refused(tmp_path) -> None:
    from safetensors.numpy import save_file

    file = tmp_path / "version-1.safetensors"
    measured, _ = model([*SAID], corpus_of(300, 9))
    names = ("centre", "directions", "knots")
    arrays = {name: np.ascontiguousarray(getattr(measured, name)) for name in names}
    odd = {
        "nothing": b"",
        "of questions": (arrays, {"format": "question-meaning-1"}),
        "too few knots": (arrays | {"knots": arrays["knots"][:2].copy()}, {"format": "phrase-model-1"}),
        "no number": (arrays | {"centre": arrays["centre"] * np.float32("nan")}, {"format": "phrase-model-1"}),
        "a part": ({"knots": arrays["knots"]}, {"format": "phrase-model-1"}),
    }
    for what in odd.values():
        if isinstance(what, bytes):
            file.write_bytes(what)
        else:
            save_file(what[0], file, what[1])
        with pytest.raises(InvalidModelFile, match="publish the tracker again"):
            read_phrase_model(file)
