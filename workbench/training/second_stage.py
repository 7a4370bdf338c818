"""The second stage of one tracker's training: fine-tuned in the background, stored on disk, used if it is better."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.corpus.lake import Lake
from workbench.domain import plain_json
from workbench.domain.access import make_folder
from workbench.domain.errors import NotEnoughTags
from workbench.domain.files import write_whole
from workbench.domain.progress import ReportProgress
from workbench.engine.fine_tuning_process import FineTuningOutcome, Task, fine_tune
from workbench.engine.second_stage import VERSION, behind, shortlist
from workbench.engine.thresholds import Calibration
from workbench.engine.training import Fitted, TaggedSentence, Trainer
from workbench.resources.jobs import Job
from workbench.resources.pools import NamedPool


def switched_on() -> bool:
    """Return False if the environment says WORKBENCH_SECOND_STAGE=0."""
    return os.environ.get("WORKBENCH_SECOND_STAGE", "1") != "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStageResult:
    """The result of fine-tuning: ``gain`` in nats per tag over the first stage, on tags that it had not seen."""

    wins: bool
    gain: float | None
    seconds: float

    @property
    def message(self) -> str:
        """Return the result in plain words."""
        if self.wins:
            return "Fine-tuning judges your answers better than before; the tracker now uses it."
        if self.gain is None:
            return "There are too few answers of one kind to fine-tune on."
        return "Fine-tuning did no better on answers it had not seen; the tracker stays as it was."


class SecondStage:
    """Makes, stores and applies the second stage.

    Args:
        pairs_of: returns for tags, in order, the sentence before and the sentence.
        model: the sentence-transformers model to fine-tune.
        examples: their texts.
        folder: where results are stored, as JSON files without code.
    """

    def __init__(
        self,
        trainer: Trainer,
        named: NamedPool,
        pairs_of: Callable[[Sequence[TaggedSentence]], list[tuple[str, str]]],
        lake: Lake,
        model: str,
        examples: Sequence[str],
        folder: Path,
    ):
        self._trainer = trainer
        self._named = named
        self._pairs_of = pairs_of
        self._lake = lake
        self._model = model
        self._examples = tuple(examples)
        self._folder = folder
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="second-stage")
        self._lock = threading.Lock()
        self._used: tuple[str, Fitted | None] | None = None
        self.job: Job[SecondStageResult] | None = None

    def start(self, fitted: Fitted, about: Mapping[str, Any]) -> Job[SecondStageResult]:
        """Fine-tune in the background, unless it was done before; cancels any other run.

        Raises:
            NotEnoughTags: the first stage has no held-out scores to compare with.
        """
        if fitted.unseen is None:
            raise NotEnoughTags("Fine-tuning needs at least two YES and two NO answers; tag a round first.")
        with self._lock:
            self.cancel()
            self.job = Job(lambda report: self._made(fitted, _key(about), report), self._worker)
            return self.job

    def cancel(self) -> None:
        """Stop what is running; the tracker stays as it was."""
        if self.job is not None and not self.job.done:
            self.job.cancel()

    def result(self, about: Mapping[str, Any]) -> SecondStageResult | None:
        """Return the result for these tags, None if there is none."""
        known = self._kept(_key(about))
        return None if known is None else _result(known)

    def applied(self, fitted: Fitted, about: Mapping[str, Any]) -> Fitted:
        """Return ``fitted`` with the second stage's scores, if it has any for these tags and is better."""
        key = _key(about)
        if self._used is None or self._used[0] != key:
            known = self._kept(key)
            if known is None or not _fits(known, fitted):
                return fitted
            self._used = key, self._rescored(fitted, known) if known.wins else None
        return self._used[1] or fitted

    def _made(self, fitted: Fitted, key: str, report: ReportProgress) -> SecondStageResult:
        known = self._kept(key)
        if known is None or not _fits(known, fitted):
            known = fine_tune(self._task(fitted), report)
            self._keep(key, known)
        return _result(known)

    def _task(self, fitted: Fitted) -> Task:
        assert fitted.unseen is not None
        at = shortlist(fitted.scores)
        return Task(
            model=self._model,
            pairs=self._pairs_of(fitted.sure),
            labels=fitted.data.labels[self._trainer.given :].tolist(),
            unseen=fitted.unseen[self._trainer.given :].tolist(),
            examples=[("", text) for text in self._examples],
            shortlist=self._lake.pairs(self._named.rows[at].tolist()),
            first=fitted.scores[at].tolist(),
            seed=self._trainer.seed,
            calls=fitted.data.call[self._trainer.given :].tolist(),
        )

    def _rescored(self, fitted: Fitted, known: FineTuningOutcome) -> Fitted:
        scores = behind(
            fitted.scores, Calibration(known.slope, known.offset), shortlist(fitted.scores), np.array(known.both)
        )
        return self._trainer.rescored(fitted, scores, np.array(known.unseen))

    def _kept(self, key: str) -> FineTuningOutcome | None:
        """Return the stored result; None if it is damaged, or not ours."""
        try:
            found = json.loads((self._folder / "second-stage.json").read_text("utf-8"))
            outcome = FineTuningOutcome(**found["outcome"])
            return outcome if found["key"] == key and _sound(outcome) else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _keep(self, key: str, outcome: FineTuningOutcome) -> None:
        make_folder(self._folder)
        content = plain_json.dumps({"key": key, "outcome": asdict(outcome)})
        write_whole(self._folder / "second-stage.json", content.encode())


def _sound(outcome: FineTuningOutcome) -> bool:
    numbers = np.array([outcome.slope, outcome.offset, *outcome.unseen, *outcome.both], dtype=np.float64)
    return bool(np.isfinite(numbers).all())


def _fits(outcome: FineTuningOutcome, fitted: Fitted) -> bool:
    """Return whether the result has scores for the same number of sentences."""
    sizes = len(outcome.unseen), len(outcome.both)
    return not outcome.wins or sizes == (len(fitted.sure), len(shortlist(fitted.scores)))


def _key(about: Mapping[str, Any]) -> str:
    """Return a key of the tags and everything else that the result depends on."""
    return hashlib.blake2b(plain_json.dumps([VERSION, about], sort_keys=True).encode(), digest_size=16).hexdigest()


def _result(outcome: FineTuningOutcome) -> SecondStageResult:
    return SecondStageResult(wins=outcome.wins, gain=outcome.gain, seconds=outcome.seconds)
