"""What a question tracker offers before it is published: its cost, a sample, refinements, and a way on to examples."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.corpus.views import Heading, SentenceInContext
from workbench.credits import judge_name
from workbench.domain.credits import MILLIONTHS, Charge, Cost
from workbench.domain.errors import (
    CannotJudge,
    CorpusNotEncoded,
    EncoderUnavailable,
    JudgeUnavailable,
    NothingToTag,
    OutOfCredits,
    WorkbenchError,
)
from workbench.domain.publications import MONTHS, checked_past, months_before
from workbench.domain.texts import normalise, text_key
from workbench.domain.trackers import MIN_EXAMPLES
from workbench.judges.meaning_file import write_meaning
from workbench.judges.statements import statements
from workbench.pools import NamedPool
from workbench.publishing import Frozen
from workbench.question_reading import QuestionReader, used
from workbench.trackers.coaching import ALIKE, likeness
from workbench.trackers.refinements import Refinement, refinements

FIRST_ROUND = 25
MOST_SAMPLED = 1_000
_RECENT = timedelta(days=91)


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


def cost(reader: QuestionReader, past: str | None) -> Cost:
    """See :meth:`workbench.tracker.Tracker.cost`."""
    checked_past(past)
    moment = datetime.now(UTC)
    name = judge_name(reader.settings.to_dict())
    charges = reader.charges()
    sizes = reader.workspace.lake.sizes(reader.filters).to_pylist()
    since = None if past is None else months_before(moment, MONTHS[past])
    wanted = [row for row in sizes if since is not None and (row["started"] is None or row["started"] >= since)]
    owed = [charges[row["number"]] for row in wanted if row["number"] in charges]
    unpaid = reader.credits.unpaid(owed)
    return Cost(
        calls=len(wanted),
        characters=sum(row["characters"] for row in wanted),
        credits=sum(one.amount for one in unpaid) / MILLIONTHS,
        paid=len(owed) - len(unpaid),
        monthly=sum(_amount(charges, row) for row in _recent(sizes)) / 3 / MILLIONTHS,
        balance=reader.credits.balance,
        judge=name,
    )


def freeze_question(reader: QuestionReader, file: Path, past: str | None) -> Frozen:
    """Writes what a version reads by.

    Raises:
        JudgeUnavailable: the judge is not set up.
        OutOfCredits: it has a price, and there are no credits.
    """
    _ = reader.asking
    if not reader.credits.is_free(judge_name(reader.settings.to_dict())) and reader.credits.balance <= 0:
        raise OutOfCredits("There are no credits; ws.credits.top_up() adds some. Then publish.")
    return Frozen(
        threshold=reader.settings.least,
        model_hash=write_meaning(file, reader.fitted()),
        expected_cost=cost(reader, past).credits,
    )


def sample(reader: QuestionReader, count: int, seed: int, beyond: int) -> Sample:
    """See :meth:`workbench.tracker.Tracker.sample`."""
    if not 1 <= count <= MOST_SAMPLED or beyond < 0:
        raise WorkbenchError(f"count: give 1 to {MOST_SAMPLED:,}, and beyond 0 or more")
    named = reader.pool()
    order = np.random.default_rng(seed).permutation(np.unique(named.pool.call))
    chosen = order[beyond : beyond + count]
    charges = _affordable(reader, set(chosen.tolist()))
    done = reader.asking.judged(reader.picked(_part(named, np.isin(named.pool.call, chosen))))
    owed = used(charges, done)
    paid = sum(one.amount for one in reader.credits.unpaid(list(owed.values())))
    reader.credits.pay(owed.values())
    lake, least = reader.workspace.lake, reader.settings.least
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


def refine(reader: QuestionReader) -> list[Refinement]:
    """What the rules find, what the corpus says near it, and what an endpoint proposes where one is set up."""
    question = reader.question
    out = refinements(question.text, question.details, question.side)
    with suppress(CorpusNotEncoded, EncoderUnavailable):
        out += [_near(text) for text in different(nearest_texts(reader, 30), 3)]
    from workbench.judges.endpoint import from_environment, is_configured

    if is_configured():
        with suppress(JudgeUnavailable, CannotJudge):
            proposed = from_environment().proposals(question)
            out += [Refinement(flaw="endpoint", message="More precisely:", question=one) for one in proposed]
    return out


def nearest_texts(reader: QuestionReader, count: int) -> list[str]:
    """The different texts that come nearest to the question, nearest first."""
    named = reader.pool()
    scores = reader.fitted().scores(named.pool)
    _, first = np.unique(named.pool.text, return_index=True)
    best = first[np.argsort(-scores[first], kind="stable")][:count]
    return [text for _, text in reader.workspace.lake.pairs(named.rows[best].tolist())]


def different(texts: Sequence[str], count: int) -> list[str]:
    """The first ``count`` that do not repeat one another."""
    out: list[str] = []
    for text in texts:
        if len(out) < count and all(likeness(text, other) < ALIKE for other in out):
            out.append(text)
    return out


def examples_of(reader: QuestionReader) -> tuple[list[str], list[str]]:
    """Sentences for a tracker of examples, and the ids of the likeliest finds.

    Raises:
        NothingToTag: nothing is found.
    """
    found = sorted(reader.read(), key=lambda one: -one.score)
    if not found:
        raise NothingToTag("The question finds nothing yet; lower `least`, or look at a sample first.")
    said = [*statements(*reader.settings.asked), *different(nearest_texts(reader, 50), MIN_EXAMPLES)]
    said = said if len(set(map(text_key, said))) >= MIN_EXAMPLES else said + nearest_texts(reader, 3 * MIN_EXAMPLES)
    distinct = {text_key(text): normalise(text) for text in said}
    return list(distinct.values()), [one.sentence_id for one in found[:FIRST_ROUND]]


def _near(text: str) -> Refinement:
    return Refinement(flaw="near", message=f"Calls say “{text}”: if that counts, add it to the details in quotes.")


def _affordable(reader: QuestionReader, numbers: set[int]) -> dict[int, Charge]:
    charges = {number: one for number, one in reader.charges().items() if number in numbers}
    reach, reason = reader.credits.reach(list(charges.values()), reader.tracker_id)
    if reason:
        raise OutOfCredits(f"{reason}: {reach} of these {len(charges)} calls can be paid for; ask for fewer, or top up")
    return charges


def _part(named: NamedPool, inside: Any) -> NamedPool:
    return NamedPool(named.pool.part(inside), named.ids.filter(pa.array(inside)), named.rows[inside])


def _recent(sizes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last three months of what there is."""
    known = [row for row in sizes if row["started"] is not None]
    last = max((row["started"] for row in known), default=None)
    return [row for row in known if last is not None and row["started"] > last - _RECENT]


def _amount(charges: dict[int, Charge], row: dict[str, Any]) -> int:
    return charges[row["number"]].amount if row["number"] in charges else 0
