"""Decides whether a stored estimate is still current, for pages, the API and training alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from workbench.corpus.lake import Lake
from workbench.domain.errors import WorkbenchError
from workbench.domain.estimates import Estimate, estimate_of
from workbench.domain.texts import listed
from workbench.domain.trackers import TrackerSpec
from workbench.engine.recipes import recipe
from workbench.store.sessions import AskedSentence, Closing, SessionRepository
from workbench.training.records import answers_hash, counted_at, hash_of

_HOLDS = ("answers", "recipe", "seed", "examples", "filters", "encoder", "pool", "gone")


class StoredEstimates:
    """The stored estimates of one tracker, each with what has changed since it was made.

    Args:
        spec: the current tracker; None if it was deleted, so that changes to its definition are unknown.
        about: with ``encoder``, the key of the current one.
    """

    def __init__(self, answers: SessionRepository, spec: TrackerSpec | None, lake: Lake, about: Mapping[str, Any]):
        self._answers = answers
        self._spec = spec
        self._lake = lake
        self._about = about

    def estimate(self, number: int) -> Estimate | None:
        """Return a completed round's estimate, None if it has none."""
        estimate = estimate_of(self._closings[number].estimate)
        return None if estimate is None else replace(estimate, stale=self._stale(number, estimate))

    def last(self) -> Estimate | None:
        """Return the newest estimate, None if there is none."""
        known = [number for number, one in self._closings.items() if one.estimate]
        return self.estimate(max(known)) if known else None

    def every(self) -> dict[int, Estimate]:
        """Return all estimates, by round."""
        found = {number: self.estimate(number) for number in self._closings}
        return {number: one for number, one in found.items() if one is not None}

    def holds(self, number: int, basis: Mapping[str, Any]) -> bool:
        """Return whether a round's stored estimate has exactly this basis."""
        stored = self._basis(number)
        return all(stored.get(name) == basis.get(name) for name in _HOLDS if name in stored)

    def _stale(self, number: int, estimate: Estimate) -> str:
        """Return what has changed since, in words; empty if it is current."""
        basis, spec = self._basis(number), self._spec
        changed = []
        if self._answers_changed(number, basis):
            changed.append("answers were changed or added")
        if spec is not None:
            filters = spec.filters.for_training().to_dict()
            if basis.get("filters", filters) != filters:
                changed.append("the filters were changed")
            if basis.get("examples", list(spec.examples)) != list(spec.examples):
                changed.append("the examples were changed")
            if estimate.rule != _rule(spec, basis):
                changed.append("another threshold was chosen")
        if basis.get("encoder", self._about["encoder"]) != self._about["encoder"]:
            changed.append("the encoder was changed")
        if (corpus := basis.get("corpus")) and self._lake.extent(corpus["until"]).to_dict() != corpus:
            changed.append("calls were deleted or corrected")
        return listed(changed)

    def _answers_changed(self, number: int, basis: Mapping[str, Any]) -> bool:
        if basis.get("revision") == list(self._answers.revision(number)):
            return False
        return bool(basis["answers"] != answers_hash([one for one in self._asked if one.round <= number]))

    def _basis(self, number: int) -> Mapping[str, Any]:
        """Return an estimate's basis; for a round that an older version closed, as far as its log has it."""
        closing = self._closings[number]
        if closing.basis is not None:
            return closing.basis
        names = ("recipe", "seed", "examples", "filters", "encoder", "pool")
        about = self._openings.get(number, {})
        history = [one for one in self._history if one["round"] <= number]
        then = counted_at(history, closing.completed)
        given = [(name, str(answer)) for name, answer in then.items()]
        return {name: about[name] for name in names if name in about} | {"answers": hash_of(given)}

    @cached_property
    def _closings(self) -> dict[int, Closing]:
        return self._answers.closings()

    @cached_property
    def _openings(self) -> dict[int, dict[str, Any]]:
        return self._answers.openings()

    @cached_property
    def _asked(self) -> Sequence[AskedSentence]:
        return self._answers.asked()

    @cached_property
    def _history(self) -> Sequence[Mapping[str, Any]]:
        return self._answers.history()


def _rule(spec: TrackerSpec, basis: Mapping[str, Any]) -> str:
    """Return the threshold rule that would be chosen now."""
    if spec.threshold != "balanced":
        return spec.threshold
    try:
        return recipe(basis["recipe"]["name"]).threshold
    except (WorkbenchError, KeyError, TypeError):
        return spec.threshold
