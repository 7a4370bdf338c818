"""Asks a judge a metric's question: about which calls, with which result, and at what cost.

An endpoint that is to tell more than yes from no gets all outcomes in one request a call. Other judges are asked one
thing after another, each only of the calls that the one before has not settled. Either way a call is charged for once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from workbench.corpus.sentences import parse_sentence_id
from workbench.domain.credits import MILLIONTHS, Cost
from workbench.domain.filters import Filters, MentionedBy
from workbench.domain.metrics import NOT_APPLICABLE, Metric, MetricKind, QuestionSource, Value, read
from workbench.judges.meaning import Meaning, meaning_of
from workbench.judges.neutral import NEUTRAL
from workbench.judges.protocol import Question
from workbench.metrics.aspects import Aspect, aspects, details_of, outcomes
from workbench.metrics.reading import runs
from workbench.reading.credits import judge_name
from workbench.reading.judging import Judged, Picked
from workbench.reading.question_reader import Charges, QuestionReader, used
from workbench.resources import Resources
from workbench.resources.pools import NamedPool
from workbench.store.credits import charge
from workbench.trackers.question import QuestionSettings

MOST_SENTENCES = 24  # of a call, where its sentences are near to several things


class AnsweredValue(NamedTuple):
    """A call's value, and the sentences that show it, the most certain first."""

    value: Value
    evidence: tuple[str, ...] = ()


class AnsweredCalls(NamedTuple):
    """By number: what was answered, and why others could not be judged."""

    answers: Mapping[int, AnsweredValue]
    failed: Mapping[int, str]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Reader(QuestionReader):
    """A question tracker's reader that asks something else of its judge than its settings say."""

    asked: Question

    @property
    def question(self) -> Question:
        return self.asked


@dataclass(frozen=True, slots=True, eq=False)
class Questioning:
    """A metric's question, and the judge that answers it."""

    resources: Resources
    metric: Metric
    judge: str
    _made: dict[Aspect | Literal["main"], _Reader] = field(default_factory=dict)
    _pools: dict[tuple[str, int, int], NamedPool] = field(default_factory=dict)

    @property
    def at_once(self) -> bool:
        """Whether one request tells all outcomes apart."""
        return self.judge == "endpoint" and bool(outcomes(self.metric))

    def affordable(self, numbers: Sequence[int]) -> tuple[list[int], str]:
        """Return the first of these calls, as far as the credits reach, and what stops the next one."""
        charges = self._charges(numbers)
        reach, reason = self._main.credits.reach(list(charges.values()), self.metric.id)
        if not reason or reach >= len(charges):
            return list(numbers), ""
        stop = list(charges)[reach]
        return [one for one in numbers if one < stop], reason

    def cost(self, numbers: Sequence[int]) -> Cost:
        """Return what asking about these calls is expected to take.

        Calls that arrive are not asked about by themselves.
        """
        charges = self._charges(numbers)
        unpaid = self._main.credits.unpaid(list(charges.values()))
        return Cost(
            calls=len(numbers),
            characters=sum(one.characters for one in charges.values()),
            credits=sum(one.amount for one in unpaid) / MILLIONTHS,
            paid=len(charges) - len(unpaid),
            monthly=0.0,
            balance=self._main.credits.balance,
            judge=judge_name(self._main.settings.to_dict()),
        )

    def answered(self, numbers: Sequence[int]) -> AnsweredCalls:
        """Ask about these calls, in order, and charge credits for those that could be judged.

        Raises:
            JudgeUnavailable: the judge cannot be used right now; answers so far are stored.
        """
        self._pools.clear()
        done = self._at_once(numbers) if self.at_once else self._one_by_one(numbers)
        charges = used(self._charges(numbers), done.judged)
        with self.resources.state.begin() as connection:
            charge(connection, charges.values())
        none = self._nothing
        answers = {one: done.answers.get(one, AnsweredValue(none)) for one in numbers if one not in done.judged.failed}
        return AnsweredCalls(answers, done.judged.failed)

    @property
    def _nothing(self) -> Value:
        """Return the value of a call in which nothing was found."""
        boolean = self.metric.kind is MetricKind.BOOLEAN
        return False if boolean and not self.metric.applies_when else NOT_APPLICABLE

    def _at_once(self, numbers: Sequence[int]) -> _Done:
        picked: dict[int, dict[str, Any]] = {}
        for aspect in aspects(self.metric):
            for number, one in self._picked(self._reader(aspect), numbers).items():
                known = picked.setdefault(number, {})
                for name, snippet in zip(one.ids, one.snippets, strict=True):
                    known[name] = max(known.get(name, snippet), snippet, key=lambda said: said.score)
        shown = {number: _shown(number, found) for number, found in picked.items()}
        judged = self._main.asking.judged(shown)
        answers = {}
        for number, verdict in judged.verdicts.items():
            if verdict.outcome:
                evidence = tuple(shown[number].ids[one.place] for one in verdict.mentions)
                answers[number] = AnsweredValue(read(verdict.outcome), evidence)
        return _Done(answers, judged)

    def _one_by_one(self, numbers: Sequence[int]) -> _Done:
        best: dict[int, tuple[float, AnsweredValue]] = {}
        verdicts: dict[int, Any] = {}
        failed: dict[int, str] = {}
        boolean = self.metric.kind is MetricKind.BOOLEAN
        for aspect in aspects(self.metric):
            left = [one for one in numbers if one not in failed and not (boolean and one in best)]
            reader = self._reader(aspect)
            picked = self._picked(reader, left)
            judged = reader.asking.judged(picked)
            failed |= judged.failed
            for number, verdict in judged.verdicts.items():
                spent = verdicts[number].tokens if number in verdicts else (0, 0)
                verdicts[number] = replace(verdict, tokens=_sum(spent, verdict.tokens))
                found = [one for one in verdict.mentions if one.score >= reader.settings.least]
                if found:
                    shows = aspect.value is not False  # that it applies is not evidence of what was not so
                    surest = sorted(found, key=lambda one: -one.score)
                    names = tuple(picked[number].ids[one.place] for one in surest) if shows else ()
                    answer = max(one.score for one in found), AnsweredValue(aspect.value, names)
                    best[number] = max(best.get(number, answer), answer, key=lambda one: one[0])
        answers = {number: answer for number, (_, answer) in best.items() if number not in failed}
        return _Done(answers, Judged(verdicts=verdicts, failed=failed))

    def _picked(self, reader: QuestionReader, numbers: Sequence[int]) -> dict[int, Picked]:
        wanted = set(numbers)
        out: dict[int, Picked] = {}
        for near in runs(numbers):
            pool = self._pool(reader.filters.side, near[0], near[-1] + 1)
            out |= {number: one for number, one in reader.picked(pool).items() if number in wanted}
        return out

    def _charges(self, numbers: Sequence[int]) -> Charges:
        wanted = set(numbers)
        found: Charges = {}
        for near in runs(numbers):
            found |= self._main.charges(range(near[0], near[-1] + 1))
        return {number: found[number] for number in sorted(found) if number in wanted}

    @property
    def _main(self) -> QuestionReader:
        """Asks for all outcomes; of the text of both sides where it takes both to tell whether the metric applies."""
        source = self.metric.source
        assert isinstance(source, QuestionSource)
        side: MentionedBy = "anyone" if self.metric.applies_when else source.side
        asked = Question(
            text=source.question, details=details_of(self.metric), side=source.side, outcomes=outcomes(self.metric)
        )
        return self._cached("main", lambda: self._new(side, asked))

    def _reader(self, aspect: Aspect) -> QuestionReader:
        asked = Question(text=aspect.text, details=aspect.details, side=aspect.side)
        return self._cached(aspect, lambda: self._new(aspect.side, asked, self._meaning(aspect)))

    def _new(self, side: MentionedBy, asked: Question, meaning: Meaning | None = None) -> _Reader:
        return _Reader(
            resources=self.resources,
            filters=Filters(side=side, scope="any"),
            settings=QuestionSettings.checked({"question": asked.text, "details": asked.details, "judge": self.judge}),
            meaning=meaning,
            tracker_id=self.metric.id,
            asked=asked,
        )

    def _meaning(self, aspect: Aspect) -> Meaning:
        everything = self._new(aspect.side, self._main.question).pool().pool
        vectors = self.resources.vectors.encode_with("sentences")([*aspect.said, *NEUTRAL])
        return meaning_of(vectors[: len(aspect.said)], everything, vectors[len(aspect.said) :])

    def _pool(self, side: MentionedBy, first: int, last: int) -> NamedPool:
        """Kept for as long as the same calls are asked about, as several things are looked for in them."""
        key = (side, first, last)
        if key not in self._pools:
            self._pools[key] = self._new(side, self._main.question).pool(range(first, last))
        return self._pools[key]

    def _cached(self, key: Aspect | Literal["main"], make: Callable[[], _Reader]) -> _Reader:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


class _Done(NamedTuple):
    answers: Mapping[int, AnsweredValue]
    judged: Judged


def _shown(number: int, found: Mapping[str, Any]) -> Picked:
    """Return the sentences that are nearest to any of what is looked for, in the call's order."""
    nearest = sorted(found, key=lambda name: -found[name].score)[:MOST_SENTENCES]
    ids = tuple(sorted(nearest, key=lambda name: parse_sentence_id(name) or (name, 0, 0)))
    return Picked(number=number, ids=ids, snippets=tuple(found[name] for name in ids))


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]
