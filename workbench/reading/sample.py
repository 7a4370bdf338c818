"""Random calls with what a judge says of them (Q4): a question is tried on some before it is put to all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.corpus.views import Heading, SentenceInContext
from workbench.domain.credits import MILLIONTHS, Charge
from workbench.domain.errors import InvalidArgument, OutOfCredits
from workbench.domain.plurals import plural
from workbench.reading.question_reader import QuestionReader, used
from workbench.resources.pools import NamedPool

MOST_SAMPLED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMention:
    """A sentence that answers the question, with those around it."""

    sentence: SentenceInContext
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledCall:
    """A call of a sample; ``failure`` says why it could not be judged."""

    call: Heading
    summary: str = ""
    mentions: tuple[FoundMention, ...] = ()
    failure: str = ""

    @property
    def based_on(self) -> int:
        """The number of mentions."""
        return len(self.mentions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Random calls, those with most mentions first. ``seen`` of ``total`` that match are behind; ask beyond these.

    ``credits`` is what was paid for them now.
    """

    calls: tuple[SampledCall, ...]
    seen: int
    total: int
    credits: float

    @property
    def found(self) -> int:
        """How many of the calls have a mention."""
        return sum(bool(one.mentions) for one in self.calls)


def sample(reader: QuestionReader, count: int, seed: int, beyond: int) -> Sample:
    """See :meth:`workbench.workspace.tracker.Tracker.sample`."""
    if not 1 <= count <= MOST_SAMPLED or beyond < 0:
        raise InvalidArgument(f"count: give 1 to {MOST_SAMPLED:,}, and an offset of 0 or more")
    named = reader.pool()
    order = np.random.default_rng(seed).permutation(np.unique(named.pool.call))
    chosen = order[beyond : beyond + count]
    charges = _affordable(reader, set(chosen.tolist()))
    done = reader.asking.judged(reader.picked(_part(named, np.isin(named.pool.call, chosen))))
    owed = used(charges, done)
    paid = sum(one.amount for one in reader.credits.unpaid(list(owed.values())))
    reader.credits.pay(owed.values())
    lake, least = reader.resources.lake, reader.settings.least
    found = {
        number: [(done.picked[number].ids[one.place], one.score) for one in verdict.mentions if one.score >= least]
        for number, verdict in done.verdicts.items()
    }
    said = lake.sentences([name for names in found.values() for name, _ in names])
    headings = lake.headings(chosen.tolist())
    calls = [
        SampledCall(
            call=headings[number],
            summary=done.verdicts[number].summary if found.get(number) else "",
            mentions=tuple(FoundMention(sentence=said[name], score=score) for name, score in found.get(number, ())),
            failure=done.failed.get(number, ""),
        )
        for number in chosen.tolist()
    ]
    calls.sort(key=lambda one: -one.based_on)
    return Sample(calls=tuple(calls), seen=min(beyond + count, len(order)), total=len(order), credits=paid / MILLIONTHS)


def _affordable(reader: QuestionReader, numbers: set[int]) -> dict[int, Charge]:
    charges = {number: one for number, one in reader.charges().items() if number in numbers}
    reach, reason = reader.credits.reach(list(charges.values()), reader.tracker_id)
    if reason:
        raise OutOfCredits(
            f"{reason}: only {reach} of {plural(len(charges), 'call')} can be paid for; ask for fewer, or top up"
        )
    return charges


def _part(named: NamedPool, inside: Any) -> NamedPool:
    return NamedPool(named.pool.part(inside), named.ids.filter(pa.array(inside)), named.rows[inside])
