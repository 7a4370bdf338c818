"""Rounds and answers of training: each call is one transaction, on disk when it returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, and_, delete, func, insert, select, update

from workbench.domain.annotators import NOBODY, Given, counted
from workbench.domain.tags import Answer, Reason, Tag
from workbench.store.database import writing
from workbench.store.moments import aware, now
from workbench.store.tables import answers, asked, openings, rounds, trackers

Revision = tuple[int, int]
"""Another one whenever an answer of certain rounds was given, changed or taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A sentence that a round asks about, in its place; ``tag`` is what counts of the answers ``given``."""

    sentence_id: str
    round: int
    position: int
    reason: Reason
    probability: float | None
    score: float
    tag: Tag | None = None
    given: tuple[Given, ...] = ()


class SessionRepository:
    """The training of one tracker. Any number of kernels, of one person or of several, may use it at once."""

    def __init__(self, engine: Engine, tracker_id: str):
        self._engine = engine
        self.tracker_id = tracker_id

    def open_round(self, number: int, items: Sequence[Asked], about: Mapping[str, Any]) -> None:
        """Writes what a round asks and what it was drawn with, all or nothing.

        Raises:
            IntegrityError: another kernel was first.
        """
        rows = [
            {
                "tracker_id": self.tracker_id,
                "round": number,
                "position": item.position,
                "sentence_id": item.sentence_id,
                "reason": str(item.reason),
                "probability": item.probability,
                "score": item.score,
            }
            for item in items
        ]
        with self._writing() as connection:
            connection.execute(insert(asked), rows)
            connection.execute(
                insert(openings).values(tracker_id=self.tracker_id, round=number, opened=now(), about=dict(about))
            )

    def discard_round(self, number: int) -> None:
        """Takes back what a round asks; a round in which an answer stands is left as it is."""
        key = (asked.c.tracker_id == self.tracker_id) & (asked.c.round == number)
        used = select(answers.c.id).where(
            answers.c.tracker_id == self.tracker_id, answers.c.round == number, answers.c.undone.is_(None)
        )
        with self._writing() as connection:
            gone = connection.execute(delete(asked).where(key, ~used.exists()))
            if gone.rowcount:
                key = (openings.c.tracker_id == self.tracker_id) & (openings.c.round == number)
                connection.execute(delete(openings).where(key))

    def openings(self) -> dict[int, dict[str, Any]]:
        """What each round was drawn with, and when (``opened``), by number."""
        query = select(openings).where(openings.c.tracker_id == self.tracker_id).order_by(openings.c.round)
        with self._engine.connect() as connection:
            return {row.round: {**row.about, "opened": aware(row.opened)} for row in connection.execute(query)}

    def history(self) -> list[dict[str, Any]]:
        """Every answer in the order given, those taken back or changed too."""
        query = select(answers).where(answers.c.tracker_id == self.tracker_id).order_by(answers.c.id)
        with self._engine.connect() as connection:
            return [
                {
                    "sentence_id": row.sentence_id,
                    "round": row.round,
                    "answer": row.answer,
                    "at": aware(row.at),
                    "undone": None if row.undone is None else aware(row.undone),
                    "by": row.by,
                    "settles": row.settles,
                }
                for row in connection.execute(query)
            ]

    def asked(self, number: int | None = None) -> list[Asked]:
        """What was asked, in order; of one round, or of all."""
        standing = and_(
            answers.c.tracker_id == asked.c.tracker_id,
            answers.c.sentence_id == asked.c.sentence_id,
            answers.c.undone.is_(None),
        )
        query = (
            select(asked, answers.c.answer, answers.c.at, answers.c.by, answers.c.settles)
            .outerjoin(answers, standing)
            .where(asked.c.tracker_id == self.tracker_id)
            .order_by(asked.c.round, asked.c.position, answers.c.id)
        )
        if number is not None:
            query = query.where(asked.c.round == number)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [_asked(list(group)) for _, group in groupby(rows, lambda row: (row["round"], row["position"]))]

    def answer(self, sentence_id: str, number: int, answer: Answer, by: str = NOBODY, settles: bool = False) -> bool:
        """Writes what a person says; their answer that stood for the sentence before is kept as undone.

        One that ``settles`` takes the place of whichever settled it before. False, and nothing is written, where the
        round does not ask about the sentence.
        """
        moment = now()
        ours = (asked.c.tracker_id == self.tracker_id) & (asked.c.round == number)
        here = ours & (asked.c.sentence_id == sentence_id)
        before = answers.c.settles if settles else answers.c.by.in_((by, NOBODY))
        mine = (answers.c.tracker_id == self.tracker_id) & (answers.c.sentence_id == sentence_id)
        values = {"tracker_id": self.tracker_id, "sentence_id": sentence_id, "round": number, "answer": str(answer)}
        with self._writing() as connection:
            if connection.execute(select(asked.c.position).where(here)).first() is None:
                return False
            connection.execute(update(answers).where(mine, before, answers.c.undone.is_(None)).values(undone=moment))
            connection.execute(insert(answers).values(values | {"at": moment, "by": by, "settles": settles}))
        return True

    def undo(self, number: int, by: str = NOBODY) -> str | None:
        """Takes back the person's newest standing answer of the round; gives its sentence, None where there is none."""
        newest = (
            select(answers.c.id, answers.c.sentence_id)
            .where(answers.c.tracker_id == self.tracker_id, answers.c.round == number, answers.c.undone.is_(None))
            .where(answers.c.by.in_((by, NOBODY)))
            .order_by(answers.c.id.desc())
            .limit(1)
        )
        with self._writing() as connection:
            found = connection.execute(newest).first()
            if found is None:
                return None
            connection.execute(update(answers).where(answers.c.id == found.id).values(undone=now()))
            sentence_id: str = found.sentence_id
            return sentence_id

    def revision(self, number: int) -> Revision:
        """Of the answers of the rounds up to ``number``."""
        with self._engine.connect() as connection:
            return self._revision(connection, number)

    def complete(
        self, number: int, estimate: dict[str, Any] | None, partly: bool = False, seen: Revision | None = None
    ) -> bool:
        """Closes a round with its estimate; closing it again writes the newer estimate.

        False, and nothing is written, where the answers are no longer those ``seen``.

        Closed ``partly``, its unanswered sentences can be asked about again, and the others count as picked on purpose.
        """
        key = (rounds.c.tracker_id == self.tracker_id) & (rounds.c.number == number)
        here = (asked.c.tracker_id == self.tracker_id) & (asked.c.round == number)
        answered = select(answers.c.sentence_id).where(
            answers.c.tracker_id == self.tracker_id, answers.c.round == number, answers.c.undone.is_(None)
        )
        with self._writing() as connection:
            if seen is not None and self._revision(connection, number) != seen:
                return False
            if partly:
                connection.execute(delete(asked).where(here, asked.c.sentence_id.not_in(answered)))
                connection.execute(update(asked).where(here).values(probability=None))
            done = connection.execute(update(rounds).where(key).values(estimate=estimate))
            if not done.rowcount:
                connection.execute(
                    insert(rounds).values(tracker_id=self.tracker_id, number=number, completed=now(), estimate=estimate)
                )
        return True

    def completed(self) -> dict[int, dict[str, Any] | None]:
        """The estimate of each closed round, by number."""
        query = select(rounds.c.number, rounds.c.estimate).where(rounds.c.tracker_id == self.tracker_id)
        with self._engine.connect() as connection:
            return {row.number: row.estimate for row in connection.execute(query.order_by(rounds.c.number))}

    def closed(self) -> dict[int, datetime]:
        """When each round was closed, by number."""
        query = select(rounds.c.number, rounds.c.completed).where(rounds.c.tracker_id == self.tracker_id)
        with self._engine.connect() as connection:
            return {row.number: aware(row.completed) for row in connection.execute(query.order_by(rounds.c.number))}

    def newest_round(self) -> int:
        """The number of the last round that was opened, 0 where none was."""
        query = select(func.max(asked.c.round)).where(asked.c.tracker_id == self.tracker_id)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def open_round_number(self) -> int:
        """That of the open round, or of the next one to open; from 1."""
        newest = select(func.max(asked.c.round)).where(asked.c.tracker_id == self.tracker_id)
        closed = select(func.max(rounds.c.number)).where(rounds.c.tracker_id == self.tracker_id)
        with self._engine.connect() as connection:
            opened, last = connection.execute(select(newest.scalar_subquery(), closed.scalar_subquery())).one()
        return max(opened or 1, (last or 0) + 1)

    def _revision(self, connection: Connection, number: int) -> Revision:
        query = select(func.coalesce(func.max(answers.c.id), 0), func.count(answers.c.undone))
        newest, undone = connection.execute(
            query.where(answers.c.tracker_id == self.tracker_id, answers.c.round <= number)
        ).one()
        return newest, undone

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction in which nobody else changes this tracker's training."""
        with writing(self._engine) as connection:
            mine = select(trackers.c.id).where(trackers.c.id == self.tracker_id)
            connection.execute(mine.with_for_update(key_share=True))
            yield connection


def _asked(rows: Sequence[RowMapping]) -> Asked:
    """The rows are one sentence's, one an answer; a single one where it has none or one."""
    row, reason = rows[0], Reason(rows[0]["reason"])
    given = tuple(
        Given(by=one["by"], answer=Answer(one["answer"]), at=aware(one["at"]), settles=one["settles"])
        for one in rows
        if one["answer"] is not None
    )
    tag = None
    if given:
        tag = Tag(
            sentence_id=row["sentence_id"],
            answer=counted(given),
            round=row["round"],
            reason=reason,
            probability=row["probability"],
            at=max(one.at for one in given),
            by=", ".join(dict.fromkeys(one.by for one in given)),
        )
    return Asked(
        sentence_id=row["sentence_id"],
        round=row["round"],
        position=row["position"],
        reason=reason,
        probability=row["probability"],
        score=row["score"],
        tag=tag,
        given=given,
    )
