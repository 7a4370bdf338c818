"""A workspace of plain Python with the signatures of the real one: deterministic, in memory, no encoder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from workbench.corpus.views import Counts, Facets, SentenceInContext
from workbench.domain.advice import Advice, AdviceKind
from workbench.domain.errors import (
    Cancelled,
    InvalidTracker,
    NotEnoughTags,
    NothingToTag,
    RoundIncomplete,
    TrackerExists,
    TrackerNotFound,
    UnknownCandidate,
)
from workbench.domain.estimates import CorpusEstimate, DialPoint, Estimate, HeldOutEstimate, Interval
from workbench.domain.evidence import Piece
from workbench.domain.filters import Filters
from workbench.domain.rounds import Round
from workbench.domain.tags import Answer, Candidate, ContextSentence, Reason, Tag
from workbench.domain.time_zones import UTC_ZONE
from workbench.training.suggestions import Suggestions

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LINES = (
    "That is just not in our price range this year.",
    "Could you go any lower on that cost?",
    "We use it every day and the team is happy.",
    "Our finance people will want to see a discount before they sign anything at all.",
    "Let me share my screen for a second.",
    "The renewal is due at the end of the quarter, and honestly the increase caught us off guard.",
    "Can you send me the recording afterwards?",
)
PEOPLE = (("Dana Whitfield", "customer"), ("Marcus Oyelaran", "company"), ("Priya Raman", "customer"))


class FakeJob:
    """Done after ``seconds``; ``work`` runs when it is first seen to be done."""

    def __init__(self, work: Any, seconds: float) -> None:
        self._work, self._seconds, self._from = work, seconds, time.monotonic()
        self._result: Any = None
        self.error: Exception | None = None
        self._ran = self._cancelled = False

    @property
    def fraction(self) -> float:
        return min(1.0, (time.monotonic() - self._from) / self._seconds) if self._seconds else 1.0

    @property
    def message(self) -> str:
        return "Fitting" if self.fraction < 0.6 else "Estimating"

    @property
    def done(self) -> bool:
        if self._cancelled or self._ran:
            return True
        if self.fraction < 1:
            return False
        self._ran = True
        try:
            self._result = self._work()
        except Exception as error:  # noqa: BLE001, kept as a job keeps it
            self.error = error
        return True

    def on_change(self, callback: Any) -> Any:
        """Nobody is told: it has no thread of its own, and is looked at."""
        return lambda: None

    def cancel(self) -> None:
        if not self._ran:
            self._cancelled, self.error = True, Cancelled("Cancelled.")

    def result(self, timeout: float | None = None) -> Any:
        if self.error:
            raise self.error
        return self._result


class FakeSession:
    """Answers in memory; every round asks ``size`` sentences, ``total`` rounds at most."""

    def __init__(self, size: int = 25, total: int = 12, seconds: float = 0.0) -> None:
        self.size, self.total, self.seconds = size, total, seconds
        self._open: list[Candidate] = []
        self._order: list[str] = []
        self._done: list[Round] = []

    @property
    def round_number(self) -> int:
        return len(self._done) + 1

    def others(self, number: int | None = None) -> dict[str, int]:
        return {}

    @property
    def candidates(self) -> list[Candidate]:
        return list(self._open)

    @property
    def answers(self) -> dict[str, Answer | None]:
        return {one.sentence_id: one.answer for one in self._open}

    def next_round(self) -> list[Candidate]:
        if not self._open:
            if len(self._done) >= self.total:
                raise NothingToTag("Every sentence that matches the filters has an answer.")
            self._open = [candidate(self.round_number, at) for at in range(self.size)]
        return [one for one in self._open if one.answer is None]

    def tag(self, sentence_id: str, answer: str) -> Tag:
        for at, one in enumerate(self._open):
            if one.sentence_id == sentence_id:
                self._open[at] = replace(one, answer=Answer(answer))
                self._order = [known for known in self._order if known != sentence_id] + [sentence_id]
                return self._tag(self._open[at])
        raise UnknownCandidate(f"{sentence_id} was not asked about.")

    def undo(self) -> Tag | None:
        if not self._order:
            return None
        last = self._order.pop()
        at = next(at for at, one in enumerate(self._open) if one.sentence_id == last)
        tag = self._tag(self._open[at])
        self._open[at] = replace(self._open[at], answer=None)
        return tag

    def complete_round(self) -> Round:
        if not self._open or any(one.answer is None for one in self._open):
            raise RoundIncomplete("Some sentences of the round have no answer.")
        answers = [str(one.answer) for one in self._open]
        number = self.round_number
        done = Round(
            number=number,
            asked=self.size,
            yes=answers.count("yes"),
            no=answers.count("no"),
            not_sure=answers.count("not_sure"),
            complete=True,
            estimate=estimate(number),
        )
        self._done.append(done)
        self._open, self._order = [], []
        return done

    def complete_round_later(self) -> FakeJob:
        return FakeJob(self.complete_round, self.seconds)

    def rounds(self) -> list[Round]:
        return list(self._done)

    def estimate(self) -> Estimate:
        if not self._done:
            raise NotEnoughTags("No round is complete yet.")
        found = self._done[-1].estimate
        assert found is not None
        return found

    def surfaced(self, count: int, threshold: float | None = None, below: float | None = None) -> list[Candidate]:
        self.looked = (threshold, below)
        return [replace(candidate(99, at), score=0.97 - at * 0.02) for at in range(count)]

    def dial(self) -> tuple[DialPoint, ...]:
        found = self.estimate().corpus
        rules = ("precision>=0.9", "hit_rate>=0.30", "balanced", "hit_rate>=0.9")
        return tuple(
            DialPoint(
                threshold=0.8 - 0.3 * at,
                found=120 * 3**at,
                precision=found.precision and _moved(found.precision, -0.15 * at),
                hit_rate=found.hit_rate and _moved(found.hit_rate, 0.1 * (at - 2)),
                rule=rule,
            )
            for at, rule in enumerate(rules)
        )

    def advice(self) -> tuple[Advice, ...]:
        slip = Advice(
            kind=AdviceKind.DOUBTFUL,
            message="1 answer looks like a mistake: all the others contradict it. Check it again.",
            groups=((candidate(1, 0).sentence_id,),),
        )
        return (slip, Advice(kind=AdviceKind.MORE, message="Another round should help: about 3 points of F1."))

    def answered(self, sentence_ids: Sequence[str]) -> list[Candidate]:
        asked = [replace(candidate(1, at), answer=Answer.NO) for at in range(25)]
        return [one for one in asked if one.sentence_id in sentence_ids]

    def correct(self, sentence_id: str, answer: str) -> None:
        self.corrected = (sentence_id, answer)

    def evidence(self, sentence_id: str) -> tuple[Piece, ...]:
        if not self._done:
            raise NotEnoughTags("The tracker has learnt nothing yet; complete a round first.")
        text = next(one.text for one in self._open if one.sentence_id == sentence_id)
        first, rest = text.split(" ", 1)
        return (Piece(first, -0.4), Piece(" ", 0.0), Piece(rest, 0.9))

    fine_tuning: Any = None
    second_stage: Any = None
    sample: Any = None

    @staticmethod
    def _tag(one: Candidate) -> Tag:
        assert one.answer is not None
        return Tag(
            sentence_id=one.sentence_id,
            answer=one.answer,
            round=one.round,
            reason=one.reason,
            probability=one.probability,
            at=START,
        )


class FakeTracker:
    kind, is_trained = "example", True

    def __init__(self, number: int, session: FakeSession, **values: Any) -> None:
        self.id = f"tracker-{number}"
        self.name, self.description = values["name"], values["description"]
        self.filters, self.examples = values["filters"], tuple(values["examples"])
        self.state = "draft"
        self.spec = SimpleNamespace(id=self.id, created=START + timedelta(days=number), threshold="balanced")
        self.trained = 0
        self.session = session

    def update(self, **values: Any) -> FakeTracker:
        self.spec.threshold = values.pop("threshold", self.spec.threshold)
        for name, value in values.items():
            setattr(self, name, tuple(value) if name == "examples" else value)
        return self

    def found_in(self, conversations: range) -> None:
        """Never published."""

    def train(self) -> FakeSession:
        self.trained += 1
        return self.session


class FakeTrackers:
    def __init__(self, **session: Any) -> None:
        self._all: list[FakeTracker] = []
        self._session = session

    def create(
        self,
        name: str,
        kind: str = "example",
        description: str = "",
        filters: Filters | None = None,
        examples: Any = (),
    ) -> FakeTracker:
        if any(one.name == name for one in self._all):
            raise TrackerExists(f"A tracker called {name!r} exists already.")
        if len(examples) < 5:
            raise InvalidTracker("Give at least 5 examples.")
        values = {"description": description, "filters": filters or Filters(), "examples": examples}
        tracker = FakeTracker(len(self._all) + 1, FakeSession(**self._session), name=name, **values)
        self._all.append(tracker)
        return tracker

    def get(self, id_or_name: str) -> FakeTracker:
        for one in self._all:
            if id_or_name in (one.id, one.name):
                return one
        raise TrackerNotFound(f"There is no tracker {id_or_name!r}.")

    def list(self) -> list[FakeTracker]:
        return [*self._all]


class FakeWorkspace:
    """``size``, ``total`` and ``seconds`` (of training) are those of its sessions."""

    def __init__(self, **session: Any) -> None:
        self.trackers = FakeTrackers(**session)
        self.calls = 1240
        self.lake = SimpleNamespace(sides=lambda keys: {}, zone=UTC_ZONE)

    def language_advice(self, filters: Filters) -> None:
        return None

    def counts(self, filters: Filters) -> Counts:
        calls = self.calls // (1 if filters.side == "anyone" else 2) // (1 + len(filters.teams))
        return Counts(conversations=calls, calls=calls, sentences=calls * 41)

    def similar_sentences(self, query: str, filters: Filters, *, examples: Sequence[str], wait: bool) -> Suggestions:
        found = [candidate(1, at) for at in range(3)]
        sentences = tuple(_in_context(one) for one in found if query in one.text)
        return Suggestions(sentences=sentences, meaning=wait, pending=not wait, note="", close=len(examples))

    def facets(self) -> Facets:
        return Facets(
            stages=("Discovery", "Negotiation", "Closing"),
            outcomes=("open", "won", "lost"),
            teams=("Enterprise", "Mid-market", "Renewals"),
            accounts=tuple(f"Account {letter}" for letter in "ABCDEFGHIJKL"),
            languages=("de", "en", "es"),
            channels=("telephony", "web_conference"),
            directions=("inbound", "outbound", "conference"),
            scopes=("external", "internal"),
            conversations=self.calls,
            fields={"region": ("North", "South")},
            participants=(),
            usual_s=1_800.0,
            calls=self.calls,
            first=START,
            last=START,
        )


def _in_context(one: Candidate) -> SentenceInContext:
    same = ("text", "speaker", "side", "start_s", "before", "after", "conversation_id", "title", "started", "media")
    return SentenceInContext(id=one.sentence_id, row=0, kind="call", **{name: getattr(one, name) for name in same})


def candidate(round_number: int, position: int) -> Candidate:
    """The same place gives the same sentence."""
    number = round_number * 25 + position
    who, side = PEOPLE[number % 3]
    around = [
        ContextSentence(
            sentence_id=f"c{number}:{at}:0",
            text=LINES[(number + at) % len(LINES)],
            speaker=PEOPLE[(number + at) % 3][0],
            side=PEOPLE[(number + at) % 3][1],
            start_s=200.0 + 6 * at + number,
        )
        for at in range(1, 7)
    ]
    return Candidate(
        sentence_id=f"c{number}:4:0",
        text=LINES[number % len(LINES)],
        before=tuple(around[:3]),
        after=tuple(around[3:]),
        speaker=who,
        side=side,
        start_s=220.0 + number,
        conversation_id=f"c{number}",
        title=f"Renewal review with Account {chr(65 + number % 12)}",
        started=START + timedelta(days=number % 90),
        media=None,
        round=round_number,
        position=position,
        reason=list(Reason)[number % 3],
        probability=0.1 if number % 3 == 2 else None,
        score=(number * 37 % 100) / 100,
    )


def _moved(interval: Interval, by: float) -> Interval:
    return Interval(*(min(1.0, max(0.0, value + by)) for value in (interval.low, interval.point, interval.high)))


def estimate(number: int) -> Estimate:
    """Better with each round; no interval in the corpus before the second."""
    share = min(0.9, 0.5 + 0.08 * number)
    near = Interval(max(0, share - 0.3 / number - 0.05), share - 0.05, min(1, share + 0.3 / number))
    known = number > 1
    return Estimate(
        round=number,
        heldout=HeldOutEstimate(
            precision=share,
            hit_rate=share - 0.1,
            precision_spread=0.12,
            hit_rate_spread=0.15,
            repeats=10,
            tags=25 * number,
            yes=6 * number,
        ),
        corpus=CorpusEstimate(
            precision=near if known else None,
            hit_rate=near if known else None,
            prevalence=Interval(0.01, 0.02, 0.04) if known else None,
            drawn=5 * number,
        ),
        threshold=0.5,
    )
