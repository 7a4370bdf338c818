"""Recreates the scope of training when a round was drawn or closed, from the corpus and the stored vectors."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from workbench.domain import plain_json
from workbench.domain.call_sample import CallSample
from workbench.domain.errors import CorpusNotEncoded, WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.plurals import plural
from workbench.domain.trackers import TrackerSpec
from workbench.engine.heads import TrainingSet
from workbench.engine.recipes import Recipe, from_dict
from workbench.resources import Resources
from workbench.training.scope import TrainingScope, until_of
from workbench.training.scope_opening import Then, scope_then

_KEPT = 4  # scopes: filters and corpora rarely change more often within one training


class NotReplayable(WorkbenchError):
    """The data that a round was drawn from no longer exists."""


class Past:
    """Recreates the scopes of one tracker's rounds.

    Args:
        taught: labelled sentences that the tracker came with.
    """

    def __init__(self, resources: Resources, spec: TrackerSpec, taught: TrainingSet | None):
        self._resources = resources
        self._spec = spec
        self._taught = taught
        self._scopes: OrderedDict[str, TrainingScope] = OrderedDict()

    def scope(self, about: Mapping[str, Any], recipe: Recipe | None = None, rule: str | None = None) -> TrainingScope:
        """Recreate what a round was drawn from, or its estimate computed on, from its log entry.

        Args:
            about: the log's entry of the round or the estimate.
            recipe: another one to replay with; then the result may differ.
            rule: the threshold's, if the log has none.

        Raises:
            NotReplayable: something is missing; says what.
        """
        names = ("recipe", "seed", "examples", "filters", "encoder", "corpus", "vectors", "pool", "method", "sample")
        chosen = recipe or from_dict(about["recipe"])
        if rule is not None:
            chosen = replace(chosen, threshold=rule)
        key = plain_json.dumps([{name: about.get(name) for name in names}, chosen.to_dict()], sort_keys=True)
        if key not in self._scopes:
            try:
                self._scopes[key] = self._made(about, chosen, as_it_was=recipe is None)
            except NotReplayable:
                raise
            except (WorkbenchError, OSError) as error:
                raise NotReplayable(f"the sentences it was drawn from can't be restored: {error}") from None
        self._scopes.move_to_end(key)
        while len(self._scopes) > _KEPT:
            self._scopes.popitem(last=False)
        return self._scopes[key]

    def _made(self, about: Mapping[str, Any], chosen: Recipe, as_it_was: bool) -> TrainingScope:
        filters = Filters.stored(about["filters"])
        spec = replace(self._spec, filters=filters, examples=tuple(about["examples"]), seed=about["seed"])
        corpus = about.get("corpus")
        if corpus is None:
            until = self._until(about, spec, chosen) if as_it_was else self._resources.lake.extent().until
        else:
            until = corpus["until"]
            if as_it_was:
                self._check(corpus)
        own = as_it_was or chosen.encoder == about["recipe"]["encoder"]
        sample = CallSample.stored(about.get("sample"))
        vectors = about.get("vectors") if own else None
        then = Then(encoder=about["encoder"], until=until, vectors=vectors, sample=sample)
        made = scope_then(self._resources, spec, chosen, self._taught, then)
        if as_it_was and made.about["pool"] != about["pool"]:
            raise NotReplayable("the sentences that matched its filters then are no longer the same")
        if as_it_was:
            made.trainer.method = about.get("method", 1)
        return made

    def _check(self, corpus: Mapping[str, Any]) -> None:
        now = self._resources.lake.extent(corpus["until"])
        if now.to_dict() == corpus:
            return
        gone = corpus["conversations"] - now.conversations
        if gone > 0:
            many = f"{gone:,} of the {plural(corpus['conversations'], 'call')} that it was drawn from"
            raise NotReplayable(f"{many} {'was' if gone == 1 else 'were'} deleted since")
        raise NotReplayable("calls that it was drawn from were changed since")

    def _until(self, about: Mapping[str, Any], spec: TrackerSpec, chosen: Recipe) -> int:
        """Return how many conversations there were, where the log has only a hash of their sentences."""
        lake = self._resources.lake
        for last in reversed(lake.steps()):
            whole = Then(encoder=about["encoder"], until=last, vectors=None)
            with suppress(CorpusNotEncoded):  # the newest calls need no vectors for earlier scopes
                named = scope_then(self._resources, spec, chosen, self._taught, whole).named
                until = until_of(named, lake, about["pool"])
                if until is None:
                    break
                return until
        raise NotReplayable("the calls that it was drawn from are no longer the same")
