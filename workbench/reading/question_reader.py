"""How question trackers read calls: close sentences are picked by meaning, a judge answers, and credits are charged.

The local judge is the picking itself, so it reads any number of calls at once. Others are asked about one call at a
time, with the nearest sentences of that call alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from workbench.domain.credits import Charge
from workbench.domain.errors import JudgeUnavailable
from workbench.domain.filters import Filters
from workbench.engine.recipes import DEFAULT
from workbench.judges.meaning import Meaning, meaning_of
from workbench.judges.neutral import NEUTRAL
from workbench.judges.protocol import Question, Snippet
from workbench.judges.statements import statements
from workbench.reading.credits import Credits, judge_name
from workbench.reading.judging import Asking, Judged, Picked, hash_of_all, judge_of, picked_of
from workbench.resources import Resources
from workbench.resources.pools import NamedPool
from workbench.store.authority import ENDPOINT
from workbench.store.credits import charge
from workbench.store.publications import Detection
from workbench.store.trust import check_trusted
from workbench.store.unit_of_work import NOTHING, UnitOfWork, Write
from workbench.store.verdicts import UnjudgedRepository
from workbench.trackers.question import QuestionSettings

NEAREST = 12  # sentences of a call that a judge is shown at most
NEAR = 0.1  # the least score of those; the local judge's default asks for 0.5
PLAIN = replace(DEFAULT, words=0.0)  # sentences' vectors alone
Charges = dict[int, Charge]


class Taken(NamedTuple):
    """What was read of some conversations; ``write`` belongs in the transaction that counts them as read."""

    numbers: range
    found: list[Detection]
    write: Write = NOTHING


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class QuestionReader:
    """Reads by a question. ``meaning`` is a version's; without one the corpus as it is now is looked at."""

    resources: Resources
    filters: Filters
    settings: QuestionSettings
    meaning: Meaning | None = None
    tracker_id: str = ""
    version: int | None = None
    publication_id: str = ""
    _made: dict[str, Any] = field(default_factory=dict)

    def read(self, numbers: range | None = None, since: datetime | None = None) -> list[Detection]:
        """Return what the local judge finds; of others, what they have said before. Takes no credits."""
        named = self.pool(numbers, since)
        if not self.is_local:
            picked = self.picked(named)
            return Judged(picked=picked, verdicts=self.asking.known(picked)).detections(self.settings.least)
        scores = self.fitted().scores(named.pool)
        at = np.flatnonzero(scores >= self.settings.least)
        calls = named.pool.call[at].tolist()
        return [Detection(named.id_at(x), n, float(scores[x])) for x, n in zip(at.tolist(), calls, strict=True)]

    def take(self, numbers: range, since: datetime | None, newest_first: bool) -> Taken:
        """Read as many of these conversations as the credits reach for, from the one end or the other.

        ``numbers`` of what is given back is empty if there are too few credits for the first: then all trackers that
        cost something are paused.

        Raises:
            JudgeUnavailable: the judge cannot be used right now.
        """
        charges = self.charges(numbers, since)
        ordered = sorted(charges, reverse=newest_first)
        reach, reason = self.credits.reach([charges[one] for one in ordered], self.tracker_id)
        if reason:
            stop = ordered[reach]
            numbers = range(stop + 1, numbers.stop) if newest_first else range(numbers.start, stop)
        if not numbers:
            self.credits.pause(self.tracker_id, reason)
            return Taken(numbers, [])
        charges = {number: one for number, one in charges.items() if number in numbers}
        if self.is_local:
            return Taken(numbers, self.read(numbers, since), self._settling(charges))
        done = self.asking.judged(self.picked(self.pool(numbers, since)))
        return Taken(numbers, done.detections(self.settings.least), self._settling(used(charges, done), done.failed))

    def again(self, numbers: Sequence[int]) -> tuple[dict[int, Taken], dict[int, str]]:
        """Try calls that could not be judged: what was read of each, and why others still cannot be.

        Those that cannot be paid for are in neither; then all trackers that cost something are paused.

        Raises:
            JudgeUnavailable: the judge cannot be used right now.
        """
        charges = {number: one for number in numbers for one in self.charges(range(number, number + 1)).values()}
        reach, reason = self.credits.reach(list(charges.values()), self.tracker_id)
        if reason:
            self.credits.pause(self.tracker_id, reason)
            numbers = list(charges)[:reach]
        picked: dict[int, Picked] = {}
        for number in numbers:
            picked |= self.picked(self.pool(range(number, number + 1)))
        done = self.asking.judged(picked)
        owed = used({number: charges[number] for number in numbers if number in charges}, done)
        taken = {}
        for number in numbers:
            if number in done.failed:
                continue
            found = [one for one in done.detections(self.settings.least) if one.number == number]
            own = {number: owed[number]} if number in owed else {}
            taken[number] = Taken(range(number, number + 1), found, self._settling(own))
        return taken, dict(done.failed)

    def picked(self, named: NamedPool) -> dict[int, Picked]:
        """Return the near sentences of each call that has any: for the local judge all that count, else the nearest."""
        scores = self.fitted().scores(named.pool)
        at = np.flatnonzero(scores >= (self.settings.least if self.is_local else NEAR))
        if not self.is_local:
            at = _nearest(at, scores[at], named.pool.call[at])
        ids = [named.id_at(place) for place in at.tolist()]
        pairs = self.resources.lake.pairs(named.rows[at].tolist())
        said = self.resources.lake.sentences(ids, 0)
        calls, found = named.pool.call[at].tolist(), zip(ids, pairs, scores[at].tolist(), strict=True)
        snippets = [(name, Snippet(text, before, said[name].side or "anyone", s)) for name, (before, text), s in found]
        return picked_of([(number, *one) for number, one in zip(calls, snippets, strict=True)])

    def charges(self, numbers: range | None = None, since: datetime | None = None) -> Charges:
        """Return what analysing each conversation that matches is charged with, by number; nothing if it is free."""
        name = judge_name(self.settings.to_dict())
        if self.credits.is_free(name):
            return {}
        about, price = self._about(), self.credits.charge_for
        return {
            row["number"]: Charge(
                key=hash_of_all([*about, row["id"], row["digest"]]),
                amount=price(row["characters"], name),
                tracker_id=self.tracker_id,
                version=self.version,
                conversation_id=row["id"],
                characters=row["characters"],
                judge=self.settings.judge,
            )
            for row in self.resources.lake.sizes(self.filters, numbers, since).to_pylist()
        }

    @property
    def is_local(self) -> bool:
        return self.settings.judge == "local"

    @property
    def credits(self) -> Credits:
        return Credits(self.resources.state)

    @property
    def question(self) -> Question:
        """What a judge is asked."""
        asked = self.settings.asked
        return Question(text=asked.question, details=asked.details, side=self.filters.side)

    @property
    def asking(self) -> Asking:
        """Raises ``JudgeUnavailable`` if the judge is not set up, or nobody has agreed that it is paid for."""
        if "asking" not in self._made:
            if self.settings.judge == ENDPOINT:
                check_trusted(self.resources.state)
            self._made["asking"] = Asking(self.resources.state, judge_of(self.settings), self.question)
        asking: Asking = self._made["asking"]
        return asking

    def fitted(self) -> Meaning:
        """Return the version's meaning, or that over the corpus as it is now."""
        if self.meaning is not None:
            return self.meaning
        if "meaning" not in self._made:
            said = list(statements(*self.settings.asked))
            vectors = self.resources.vectors.encode_with("sentences")([*said, *NEUTRAL])
            self._made["meaning"] = meaning_of(vectors[: len(said)], self.pool().pool, vectors[len(said) :])
        meaning: Meaning = self._made["meaning"]
        return meaning

    def pool(self, numbers: range | None = None, since: datetime | None = None) -> NamedPool:
        """Return the sentences that match."""
        return self.resources.pool(self.filters, PLAIN, numbers, since)

    def _about(self) -> list[str]:
        try:
            return self.asking.about
        except JudgeUnavailable:  # what it would cost can be said all the same
            return [self.settings.judge, self.question.text]

    def _settling(self, charges: Mapping[int, Charge], failed: Mapping[int, str] | None = None) -> Write:
        repository = UnjudgedRepository(self.resources.state, self.publication_id)
        noted = partial(repository.passed_over, failed=failed) if failed else None
        paid = partial(charge, charges=list(charges.values())) if charges else None
        return UnitOfWork(noted, paid)


def used(charges: Charges, done: Judged) -> Charges:
    """Return the charges of the calls that could be judged, with the tokens that it took."""
    tokens = {number: verdict.tokens for number, verdict in done.verdicts.items()}
    judged = {number: one for number, one in charges.items() if number not in done.failed}
    return {number: one._replace(tokens=tokens.get(number, (0, 0))) for number, one in judged.items()}


def _nearest(at: Any, scores: Any, calls: Any) -> Any:
    """Of places with their scores those of the ``NEAREST`` of each call, rising."""
    order = np.lexsort((-scores, calls))
    nth = np.arange(len(at)) - np.searchsorted(calls[order], calls[order])
    return np.sort(at[order[nth < NEAREST]])
