from __future__ import annotations

import numpy as np
import pytest

from workbench.domain.errors import InvalidModelFile
from workbench.engine.pool import Pool
from workbench.judges.local import LocalJudge, quoted
from workbench.judges.meaning import LEAST_BACKGROUND, Meaning, meaning_of
from workbench.judges.meaning_file import read_meaning, write_meaning
from workbench.judges.protocol import Mention, Question, Snippet


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def corpus(count=400, meant=20, dimension=16, seed=0):
    """Sentences around a common direction, of which the first few lean another way; each follows the one before."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, dimension)) * 0.3
    rows[:, 0] += 2
    rows[:meant, 1] += 2
    at = np.arange(count, dtype=np.int32)
    return Pool(unit(rows), at, at - 1, (at // 10).astype(np.int32))


def statement(dimension=16):
    row = np.zeros((1, dimension))
    row[0, :2] = 1
    return unit(row)


def test_what_is_meant_stands_out_of_the_corpus():
    pool = corpus()
    found = meaning_of(statement(), pool, statement()).scores(pool)
    assert found[:20].min() > 0.5
    assert (found[20:] >= 0.5).mean() < 0.05
    assert 0 < found.min() < found.max() < 1


def test_a_batch_is_scored_as_in_the_whole():
    pool = corpus()
    meaning = meaning_of(statement(), pool, statement())
    part = pool.part(pool.call == 1)
    np.testing.assert_allclose(meaning.scores(part), meaning.scores(pool)[pool.call == 1], rtol=1e-5)


@pytest.mark.parametrize("count", [0, 1, LEAST_BACKGROUND - 1])
def test_few_sentences_are_filled_up_with_neutral_ones(count):
    pool, neutral = corpus(count, min(count, 2)), corpus(30, 0, seed=1).vectors
    found = meaning_of(statement(), pool, neutral).scores(pool)
    assert len(found) == count
    assert np.isfinite(found).all()
    if count > 2:
        assert found[:2].min() > np.median(found)


def test_the_same_of_all_is_no_division_by_nothing():
    same = np.repeat(statement(), 300, axis=0)
    at = np.arange(300, dtype=np.int32)
    pool = Pool(same, at, at - 1, at)
    assert np.isfinite(meaning_of(statement(), pool, same[:5]).scores(pool)).all()


def test_a_file_gives_back_what_was_written_and_refuses_others(tmp_path):
    pool = corpus()
    meaning = meaning_of(statement(), pool, statement())
    file = tmp_path / "m" / "version-1.safetensors"
    assert len(write_meaning(file, meaning)) == 64
    again = read_meaning(file)
    assert isinstance(again, Meaning)
    np.testing.assert_array_equal(again.scores(pool), meaning.scores(pool))
    for content in (b"", b"\x80\x04", file.read_bytes()[:-40]):
        file.write_bytes(content)
        with pytest.raises(InvalidModelFile, match="publish the tracker again"):
            read_meaning(file)


def test_the_local_judge_quotes_the_likeliest():
    said = [Snippet("Too much.", side="customer", score=0.6), Snippet("x" * 500, side="company", score=0.9)]
    verdict = LocalJudge(0.5).judge(Question(text="?"), said)
    assert verdict.based_on == 2
    assert verdict.summary.startswith("Our rep says: “xxx")
    assert len(verdict.summary) < 200
    assert LocalJudge(0.8).judge(Question(text="?"), said).mentions == (Mention(1, 0.9),)
    assert quoted(said, ()) == ""
