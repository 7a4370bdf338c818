"""Converts a detector to arrays and plain JSON, and back: content of a file is checked before use."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from workbench.engine.detection import Detector
from workbench.engine.heads import Head, Model, TrainingSet, head_of
from workbench.engine.recipes import DEFAULT, EncoderName, HeadName, Recipe, from_dict
from workbench.engine.thresholds import Calibration
from workbench.engine.word_store import WIDTH, csr_words

LARGEST, LONGEST = 1e6, 80  # of a number and of a name


def to_arrays(detector: Detector) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return arrays and plain JSON; :func:`from_arrays` reads them."""
    data, head = detector.model.data, detector.model.head
    arrays: dict[str, NDArray[Any]] = {
        "sentence": data.sentence,
        "before": data.before,
        "labels": data.labels,
        "weights": np.asarray(head.weights, dtype=np.float64),
    }
    if data.words is not None:
        arrays["words"] = data.words.indices.astype(np.int32)
        arrays["word_ends"] = data.words.indptr[1:].astype(np.int64)
    about = {
        "recipe": detector.model.recipe.to_dict(),
        "intercept": head.intercept,
        "calibration": [detector.calibration.slope, detector.calibration.offset],
        "threshold": detector.threshold,
        "cut": None if detector.cut == -np.inf else detector.cut,
    }
    return arrays, about


def from_arrays(arrays: dict[str, NDArray[Any]], about: dict[str, Any]) -> Detector:
    """Return the detector of checked arrays; raises ``KeyError``, ``TypeError`` or ``ValueError``."""
    recipe = _checked_recipe(about["recipe"])
    _check(arrays, recipe)
    words = None
    if "words" in arrays:
        words = csr_words(np.concatenate([[0], arrays["word_ends"]]), arrays["words"])
    data = TrainingSet(
        sentence=arrays["sentence"],
        before=arrays["before"],
        labels=arrays["labels"],
        call=np.full(len(arrays["labels"]), -1),
        words=words,
    )
    head: Head = head_of(arrays["weights"], _number(about["intercept"]), data.labels, recipe)
    cut = about["cut"]
    return Detector(
        model=Model(recipe=recipe, data=data, head=head),
        calibration=_calibration(about["calibration"]),
        threshold=_number(about["threshold"]),
        cut=-np.inf if cut is None else _number(cut),
    )


def _checked_recipe(values: Any) -> Recipe:
    """Return the recipe after checking the type and range of each value."""
    recipe = from_dict(values)
    for field in fields(Recipe):
        value, usual = getattr(recipe, field.name), getattr(DEFAULT, field.name)
        if isinstance(usual, str):
            fits = isinstance(value, str) and len(value) <= LONGEST
        else:
            fits = isinstance(value, int | type(usual)) and not isinstance(value, bool) and 0 <= value <= LARGEST
        if not fits:
            raise ValueError(f"recipe: {field.name} cannot be {str(value)[:LONGEST]!r}")
    names = {"encoder": get_args(EncoderName), "head": get_args(HeadName)}
    for name, known in names.items():
        if getattr(recipe, name) not in known:
            raise ValueError(f"recipe: {name} must be one of {', '.join(known)}, not {getattr(recipe, name)!r}")
    if not (recipe.gamma > 0 and recipe.neighbours >= 1):
        raise ValueError("recipe: gamma and neighbours must be above 0")
    return recipe


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise ValueError(f"{str(value)[:LONGEST]!r} is not a number a tracker can have")
    return float(value)


def _calibration(values: Any) -> Calibration:
    slope, offset = map(_number, values)
    if slope <= 0:
        raise ValueError("its calibration does not rise with the score")
    return Calibration(slope, offset)


def _check(arrays: dict[str, NDArray[Any]], recipe: Recipe) -> None:
    """Check sizes before anything is built from them: they could claim all memory."""
    sentence, before, labels, weights = (arrays[name] for name in ("sentence", "before", "labels", "weights"))
    fits = (
        sentence.ndim == 2
        and sentence.shape[1] > 0
        and before.shape == sentence.shape
        and labels.shape == weights.shape == sentence.shape[:1]
        and bool(recipe.words) == ("words" in arrays) == ("word_ends" in arrays)
        and ("words" not in arrays or _words_fit(arrays["words"], arrays["word_ends"], len(labels)))
    )
    if not fits:
        raise ValueError("its arrays do not fit each other")
    if set(np.unique(labels).tolist()) != {0, 1}:
        raise ValueError("its labels are not 0 and 1, or only one of them")
    if not np.abs(weights).max() <= LARGEST or not all(
        (_lengths(part) <= 1 + 1e-3).all() for part in (sentence, before)
    ):
        raise ValueError("its arrays hold NaN, infinity, or vectors longer than one")


def _words_fit(words: NDArray[Any], ends: NDArray[Any], count: int) -> bool:
    rising = ends.ndim == 1 and len(ends) == count and bool((np.diff(ends, prepend=0) >= 0).all())
    inside = words.ndim == 1 and (not len(words) or bool(words.min() >= 0 and words.max() < WIDTH))
    return rising and inside and int(ends[-1]) == len(words)


def _lengths(vectors: NDArray[Any]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = np.sqrt(np.square(vectors, dtype=np.float64).sum(axis=1))
    return out
