"""Asks a judge about calls, one at a time, and stores each answer at once by a hash of everything that it was given.

So nothing is asked or paid for twice, whoever asks and however often it is interrupted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from workbench.domain import plain_json
from workbench.domain.errors import CannotJudge, JudgeUnavailable
from workbench.judges.local import LocalJudge
from workbench.judges.outcomes import FORMAT
from workbench.judges.protocol import Judge, Mention, Question, Snippet, Verdict
from workbench.store.publications import Detection
from workbench.store.verdicts import VerdictRepository
from workbench.trackers.question import CROSS_ENCODER, QuestionSettings

IN_A_ROW = 8  # failures, without a success between them, from which on it may be the judge and not the calls
_HARMLESS = Question(text="Does somebody say good morning?"), (Snippet("Good morning, can you hear me?"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The near sentences of one call, in its order: ids beside snippets."""

    number: int
    ids: tuple[str, ...]
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The outcome for calls: verdicts by number, with what was picked there, and why others have none."""

    picked: Mapping[int, Picked] = field(default_factory=dict)
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)

    def detections(self, least: float) -> list[Detection]:
        """Return the mentions whose score is at least that, in the corpus's order."""
        return [
            Detection(self.picked[number].ids[one.place], number, one.score)
            for number in sorted(self.verdicts)
            for one in self.verdicts[number].mentions
            if one.score >= least
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """A question put to a judge, with what it has said before."""

    database: Engine
    judge: Judge
    question: Question

    @property
    def about(self) -> list[Any]:
        """What a verdict hangs on, apart from the sentences."""
        asked = self.question
        outcomes = [FORMAT, *map(list, asked.outcomes)] if asked.outcomes else []
        return [self.judge.key, asked.text, asked.details, asked.side, *outcomes]

    def known(self, picked: Mapping[int, Picked]) -> dict[int, Verdict]:
        """Return earlier answers about these calls."""
        if isinstance(self.judge, LocalJudge):
            return {}
        keys = {number: self._key(one) for number, one in picked.items()}
        kept = VerdictRepository(self.database).known(list(keys.values()))
        return {number: _verdict(kept[key]) for number, key in keys.items() if key in kept}

    def judged(self, picked: Mapping[int, Picked]) -> Judged:
        """Ask about the calls without an answer.

        Raises:
            JudgeUnavailable: the judge cannot be used right now; answers so far are stored.
        """
        verdicts = self.known(picked)
        missing = [one for number, one in sorted(picked.items()) if number not in verdicts]
        failed: dict[int, str] = {}
        row, at_once = 0, self.judge.at_once
        with ThreadPoolExecutor(at_once, thread_name_prefix="judge") as workers:
            for start in range(0, len(missing), at_once):
                part = missing[start : start + at_once]
                for one, said in zip(part, list(workers.map(self._asked, part)), strict=True):
                    if isinstance(said, JudgeUnavailable):
                        raise said
                    if isinstance(said, Verdict):
                        verdicts[one.number], row = said, 0
                        continue
                    failed[one.number], row = str(said), row + 1
                if row >= IN_A_ROW:
                    self._check(row, failed[part[-1].number])
                    row = 0
        return Judged(picked=picked, verdicts=verdicts, failed=failed)

    def _check(self, row: int, reason: str) -> None:
        """Check the judge; raises ``JudgeUnavailable`` if it fails at any call.

        Calls whose text leads a model astray must not be able to stop all others: what nobody said tells them apart.
        """
        try:
            self.judge.judge(*_HARMLESS)
        except CannotJudge:
            raise JudgeUnavailable(f"{row} calls in a row could not be judged: {reason}") from None

    def _asked(self, one: Picked) -> Verdict | CannotJudge | JudgeUnavailable:
        if meanwhile := self.known({one.number: one}):  # by another process, since the batch was begun
            return meanwhile[one.number]
        try:
            said = self.judge.judge(self.question, one.snippets)
        except (CannotJudge, JudgeUnavailable) as error:
            return error
        if not isinstance(self.judge, LocalJudge):
            VerdictRepository(self.database).add(self._key(one), self.judge.key, _body(said))
        return said

    def _key(self, one: Picked) -> str:
        return hash_of_all([*self.about, [[said.text, said.before, said.side] for said in one.snippets]])


def judge_of(settings: QuestionSettings) -> Judge:
    """Return the judge that the settings name.

    Raises:
        JudgeUnavailable: it is not set up, or cannot be loaded.
    """
    if settings.judge == "endpoint":
        from workbench.judges.endpoint import from_environment

        return from_environment()
    if settings.judge.startswith(CROSS_ENCODER):
        from workbench.judges.cross_encoder import CrossEncoderJudge

        return CrossEncoderJudge(settings.judge.removeprefix(CROSS_ENCODER), settings.least)
    return LocalJudge(settings.least)


def hash_of_all(parts: Iterable[Any]) -> str:
    """Of plain JSON."""
    return hashlib.sha256(plain_json.dumps(list(parts)).encode()).hexdigest()


def picked_of(found: Sequence[tuple[int, str, Snippet]]) -> dict[int, Picked]:
    """From number, sentence id and snippet of each, in the corpus's order, to what was picked of each call."""
    groups: dict[int, list[tuple[str, Snippet]]] = {}
    for number, name, snippet in found:
        groups.setdefault(number, []).append((name, snippet))
    return {
        number: Picked(number=number, ids=tuple(name for name, _ in group), snippets=tuple(one for _, one in group))
        for number, group in groups.items()
    }


def _body(verdict: Verdict) -> dict[str, Any]:
    mentions = [[one.place, one.score] for one in verdict.mentions]
    named = {"outcome": verdict.outcome} if verdict.outcome else {}
    return {"mentions": mentions, "summary": verdict.summary, "tokens": list(verdict.tokens), **named}


def _verdict(body: Mapping[str, Any]) -> Verdict:
    """As it was kept; its tokens were used before, but belong to it."""
    mentions = tuple(Mention(place, score) for place, score in body["mentions"])
    named = body.get("outcome", "")
    return Verdict(mentions=mentions, summary=body["summary"], tokens=tuple(body["tokens"]), outcome=named)
