"""What a question tracker offers before it is published: its cost, refinements, and a way to become one of examples."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from workbench.domain.credits import MILLIONTHS, Charge, Cost
from workbench.domain.errors import (
    CannotJudge,
    CorpusNotEncoded,
    EncoderUnavailable,
    JudgeUnavailable,
    NothingToTag,
    OutOfCredits,
)
from workbench.domain.publications import Version, checked_past, since_of
from workbench.domain.rules import MIN_EXAMPLES
from workbench.domain.texts import normalise, text_key
from workbench.judges.meaning_file import write_meaning
from workbench.judges.statements import statements
from workbench.publishing.publish import VersionContents
from workbench.reading.credits import judge_name
from workbench.reading.question_reader import QuestionReader
from workbench.store.trust import is_trusted
from workbench.trackers.coaching import ALIKE, likeness
from workbench.trackers.refinements import Refinement, refinements

FIRST_ROUND = 25
_RECENT = "3 months"


def cost(reader: QuestionReader, past: str | None) -> Cost:
    """See :meth:`workbench.workspace.tracker.Tracker.cost`."""
    checked_past(past)
    moment = datetime.now(UTC)
    name = judge_name(reader.settings.to_dict())
    charges = reader.charges()
    sizes = reader.resources.lake.sizes(reader.filters).to_pylist()
    zone = reader.resources.lake.zone
    since = since_of(past, moment, zone)
    wanted = [row for row in sizes if since is None or row["started"] is None or row["started"] >= since]
    wanted = [] if past is None else wanted
    owed = [charges[row["number"]] for row in wanted if row["number"] in charges]
    unpaid = reader.credits.unpaid(owed)
    return Cost(
        calls=len(wanted),
        characters=sum(row["characters"] for row in wanted),
        credits=sum(one.amount for one in unpaid) / MILLIONTHS,
        paid=len(owed) - len(unpaid),
        monthly=sum(_amount(charges, row) for row in _recent(sizes, zone)) / 3 / MILLIONTHS,
        balance=reader.credits.balance,
        judge=name,
    )


def freeze_question(reader: QuestionReader, file: Path, past: str | None, alike: Version | None) -> VersionContents:
    """Write what a version reads by; with ``alike``, a version that reads alike, what that reads by is there already.

    Raises:
        JudgeUnavailable: the judge is not set up.
        OutOfCredits: it has a price, and there are no credits.
    """
    _ = reader.asking
    if not reader.credits.is_free(judge_name(reader.settings.to_dict())) and reader.credits.balance <= 0:
        raise OutOfCredits("You have no credits. Add some with ws.credits.top_up(), then publish.")
    return VersionContents(
        threshold=reader.settings.least,
        model_hash=write_meaning(file, reader.fitted()) if alike is None else alike.model_hash,
        expected_cost=cost(reader, past).credits,
    )


def refine(reader: QuestionReader) -> list[Refinement]:
    """Return what the rules find, what the corpus says near it, and what an endpoint proposes, if one is set up."""
    question = reader.question
    out = refinements(question.text, question.details, question.side)
    with suppress(CorpusNotEncoded, EncoderUnavailable):
        out += [_near(text) for text in different(nearest_texts(reader, 30), 3)]
    from workbench.judges.endpoint import from_environment, is_configured

    if is_configured() and is_trusted(reader.resources.state):
        with suppress(JudgeUnavailable, CannotJudge):
            proposed = from_environment().proposals(question)
            out += [Refinement(flaw="endpoint", message="More precisely:", question=one) for one in proposed]
    return out


def nearest_texts(reader: QuestionReader, count: int) -> list[str]:
    """Return the different texts that are closest to the question, closest first."""
    named = reader.pool()
    scores = reader.fitted().scores(named.pool)
    _, first = np.unique(named.pool.text, return_index=True)
    best = first[np.argsort(-scores[first], kind="stable")][:count]
    return [text for _, text in reader.resources.lake.pairs(named.rows[best].tolist())]


def different(texts: Sequence[str], count: int) -> list[str]:
    """Return the first ``count`` that do not repeat one another."""
    out: list[str] = []
    for text in texts:
        if len(out) < count and all(likeness(text, other) < ALIKE for other in out):
            out.append(text)
    return out


def examples_of(reader: QuestionReader) -> tuple[list[str], list[str]]:
    """Sentences for a tracker of examples, and the ids of the most likely finds.

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
    message = f"Calls say “{text}”: if that counts, add it to the details in quotes."
    return Refinement(flaw="near", message=message, text=text)


def _recent(sizes: Sequence[dict[str, Any]], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the last three months of what there is."""
    known = [row for row in sizes if row["started"] is not None]
    last = max((row["started"] for row in known), default=None)
    since = None if last is None else since_of(_RECENT, last, zone)
    return [row for row in known if since is not None and row["started"] >= since]


def _amount(charges: dict[int, Charge], row: dict[str, Any]) -> int:
    return charges[row["number"]].amount if row["number"] in charges else 0
