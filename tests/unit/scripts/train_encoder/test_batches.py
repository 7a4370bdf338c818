"""Batches: decided by seed and step, of one source, with what is alike in them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from scripts.train_encoder.batches import draw
from scripts.train_encoder.sources import LabelledSet, Source


def labelled(name="calls", folder="turns", share=1.0, per=40):
    texts, labels = [], []
    for label in ("ask", "tell", "end"):
        texts += [f"{label} {n}" for n in range(per)]
        labels += [frozenset([label])] * per
    texts += ["ASK 0", "both"]
    labels += [frozenset(["tell"]), frozenset(["ask", "tell"])]
    source = Source(name, folder, share, "MIT", "us")
    statements = {"ask": "The speaker asks", "tell": "The speaker tells"}
    return LabelledSet(source, texts, [f"before {n}" for n in range(len(texts))], labels, statements)


def same(one, other):
    assert (one.source, one.texts, one.before, one.statements) == (
        other.source,
        other.texts,
        other.before,
        other.statements,
    )
    assert np.array_equal(one.alike, other.alike)
    assert np.array_equal(one.holds, other.holds)


def test_seed_and_step_decide():
    sets = [labelled(), labelled("lines", "single")]
    for step in range(8):
        same(draw(sets, 3, step, 0.5), draw(sets, 3, step, 0.5))
    assert draw(sets, 3, 0, 0.5).texts != draw(sets, 4, 0, 0.5).texts
    assert draw(sets, 3, 0, 0.5).texts != draw(sets, 3, 1, 0.5).texts


def test_sources_are_drawn_by_their_shares():
    sets = [labelled(share=3.0), labelled("lines", "single")]
    drawn = Counter(draw(sets, 0, step, 0).source for step in range(400))
    assert drawn["calls"] == pytest.approx(300, abs=30)


def test_every_fourth_batch_of_conversations_has_turns_before_and_half_as_many_sentences():
    calls, lines = [labelled()], [labelled("lines", "single")]
    batches = [draw(calls, 0, step, 0.25) for step in range(200)]
    joint = [one for one in batches if one.before is not None]
    assert len(joint) == pytest.approx(50, abs=15)
    assert {len(one.texts) for one in joint} <= {35, 36}  # the one with two labels may be drawn for both
    assert all(len(one.before) == len(one.texts) for one in joint)
    assert all(draw(lines, 0, step, 1.0).before is None for step in range(20))


def test_likeness_is_the_share_of_labels_in_common_and_the_same_words_say_nothing():
    one = labelled(per=8)
    seen = set()
    for step in range(50):
        batch = draw([one], 0, step, 0)
        count = len(batch.texts)
        assert batch.alike.shape == batch.same.shape == (count, count)
        assert batch.holds.shape == (count, len(batch.statements))
        assert batch.same.diagonal().all()
        assert not batch.alike[batch.same].any()
        labels = [one.labels[one.texts.index(text)] for text in batch.texts]
        for a, b in np.argwhere(~batch.same):
            assert batch.alike[a, b] == np.float32(len(labels[a] & labels[b]) / len(labels[a] | labels[b]))
            seen.add(float(batch.alike[a, b]))
        for a, says in np.argwhere(batch.holds):
            assert {"The speaker asks": "ask", "The speaker tells": "tell"}[batch.statements[says]] in labels[a]
    assert seen == {0.0, 0.5, 1.0}
