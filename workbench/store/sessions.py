"""Rounds and answers of training: each call is one transaction, on disk when it returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, delete, func, insert, select, update

from workbench.domain.annotators import NOBODY
from workbench.domain.errors import TrackerNotFound
from workbench.domain.tags import Answer, Reason
from workbench.store.asked_rows import AskedSentence, Closing, asked_of, closing_of, plain, taken_out
from workbench.store.database import writing
from workbench.store.given_answers import keep_given
from workbench.store.moments import aware, now
from workbench.store.past_texts import PastText
from workbench.store.reading import readable
from workbench.store.tables import answers, asked, openings, rounds, trackers

__all__ = ["AskedSentence", "Closing", "Revision", "SessionRepository"]

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # in place of a moment that cannot be read
MAX_WITHDRAWN = 200  # sentences of a round that gave way: what may still be on someone's screen
Revision = tuple[int, int]
"""A value that changes whenever an answer of certain rounds is given, changed or undone."""


class SessionRepository:
    """The training of one tracker. Any number of kernels, of one person or of several, may use it at once."""

    def __init__(self, engine: Engine, tracker_id: str):
        self._engine = engine
        self.tracker_id = tracker_id

    def open_round(
        self,
        number: int,
        items: Sequence[AskedSentence],
        about: Mapping[str, Any],
        instead: bool = False,
        said: Mapping[str, PastText] | None = None,
    ) -> bool:
        """Write what a round asks and what it was drawn with, all or nothing, with answers that it was ``given``.

        ``said`` is what the sentences say that are not in the corpus.

        With ``instead`` it takes the place of the open round, unless an answer stands in that: then False is returned,
        and nothing is written. What the other asked is kept as *withdrawn*, for it may still be on someone's screen.

        Raises:
            IntegrityError: another kernel was first.
        """
        with self._writing() as connection:
            withdrawn: list[dict[str, Any]] = []
            if instead:
                if connection.execute(self._standing(number)).first() is not None:
                    return False
                withdrawn = self._withdraw(connection, number)
            connection.execute(insert(asked), [self._row(item) for item in items])
            told = {**about, **({"withdrawn": withdrawn} if withdrawn else {})}
            values = {"tracker_id": self.tracker_id, "round": number, "opened": now(), "about": told}
            connection.execute(insert(openings).values(values))
            keep_given(connection, self.tracker_id, items, said or {})
        return True

    def replace_asked(
        self, number: int, gone: Sequence[str], items: Sequence[AskedSentence], about: Mapping[str, Any]
    ) -> bool:
        """Replace those ``gone`` in an open round by ``items``, and note what they were drawn with.

        Returns False, and writes nothing, if one of those gone was answered meanwhile, or the round has changed.
        """
        with self._writing() as connection:
            here = (asked.c.tracker_id == self.tracker_id) & (asked.c.round == number)
            lost = connection.execute(select(asked).where(here, asked.c.sentence_id.in_(gone))).mappings().all()
            answered = connection.execute(self._standing(number).where(answers.c.sentence_id.in_(gone))).first()
            if answered is not None or len(lost) != len(gone):
                return False
            connection.execute(delete(asked).where(here, asked.c.sentence_id.in_(gone)))
            if items:
                connection.execute(insert(asked), [self._row(item) for item in items])
            key = (openings.c.tracker_id == self.tracker_id) & (openings.c.round == number)
            before = connection.execute(select(openings.c.about).where(key)).scalar() or {}
            entry = {
                **about,
                "at": now().isoformat(),
                "removed": [plain(row) for row in lost],
                "added": [item.sentence_id for item in items],
            }
            told = {**before, "replaced": [*before.get("replaced", ()), entry]}
            if before:
                connection.execute(update(openings).where(key).values(about=told))
            else:  # a round of a version that kept no log
                values = {"tracker_id": self.tracker_id, "round": number, "opened": now(), "about": told}
                connection.execute(insert(openings).values(values))
        return True

    def readmit(self, sentence_id: str, answer: Answer, by: str) -> int | None:
        """Take an answer to a sentence that made room for another: it goes back to the end of its round, answered.

        It counts as picked on purpose: whether it is answered is no longer chance. None, and nothing is written, where
        no round has asked about it, or one still does.
        """
        with self._writing() as connection:
            mine = asked.c.tracker_id == self.tracker_id
            known = select(asked.c.round).where(mine, asked.c.sentence_id == sentence_id)
            found = self._withdrawn(connection, sentence_id)
            if found is None or connection.execute(known).first() is not None:
                return None
            number, row = found
            last = connection.execute(select(func.max(asked.c.position)).where(mine, asked.c.round == number)).scalar()
            place = {"round": number, "position": 0 if last is None else last + 1, "probability": None}
            values = {"tracker_id": self.tracker_id, **row, **place, "reason": str(Reason.PICKED)}
            connection.execute(insert(asked).values(values))
            self._put(connection, sentence_id, number, answer, by, settles=False)
        return number

    def openings(self) -> dict[int, dict[str, Any]]:
        """Return what each round was drawn with, and when (``opened``), by number."""
        query = select(openings).where(openings.c.tracker_id == self.tracker_id).order_by(openings.c.round)
        with self._engine.connect() as connection:
            return {row.round: {**row.about, "opened": aware(row.opened)} for row in connection.execute(query)}

    def history(self) -> list[dict[str, Any]]:
        """Return every answer in the order given, those taken back or changed too."""
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

    def asked(self, number: int | None = None) -> list[AskedSentence]:
        """Return what was asked, in order; of one round, or of all."""
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
        return [asked_of(list(group)) for _, group in groupby(rows, lambda row: (row["round"], row["position"]))]

    def answer(
        self,
        sentence_id: str,
        number: int,
        answer: Answer,
        by: str = NOBODY,
        settles: bool = False,
        at: datetime | None = None,
    ) -> bool:
        """Write a person's answer; their earlier answer to the sentence is kept as undone.

        It was given ``at`` a moment, now by default. One that ``settles`` takes the place of whichever settled
        it before. False, and nothing is written, where the round does not ask about the sentence.
        """
        ours = (asked.c.tracker_id == self.tracker_id) & (asked.c.round == number)
        here = ours & (asked.c.sentence_id == sentence_id)
        with self._writing() as connection:
            if connection.execute(select(asked.c.position).where(here)).first() is None:
                return False
            self._put(connection, sentence_id, number, answer, by, settles, at)
        return True

    def undo(self, number: int, by: str = NOBODY) -> str | None:
        """Undo the person's latest answer in the round.

        Returns its sentence, None if there is none.
        """
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
        """Return the revision of the answers in the rounds up to ``number``."""
        with self._engine.connect() as connection:
            return self._revision(connection, number)

    def complete(
        self,
        number: int,
        estimate: dict[str, Any] | None,
        partly: bool = False,
        seen: Revision | None = None,
        basis: Mapping[str, Any] | None = None,
    ) -> bool:
        """Close a round with its estimate and what that is based on; closing it again writes the newer estimate.

        Returns False, and writes nothing, if the answers are no longer those ``seen``.

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
            moment = now()
            told = None if basis is None else {**basis, "at": moment.isoformat()}
            done = connection.execute(update(rounds).where(key).values(estimate=estimate, basis=told))
            if not done.rowcount:
                values = {"tracker_id": self.tracker_id, "number": number, "completed": moment}
                connection.execute(insert(rounds).values({**values, "estimate": estimate, "basis": told}))
        return True

    def closings(self) -> dict[int, Closing]:
        """Return each closed round by number."""
        query = select(rounds).where(rounds.c.tracker_id == self.tracker_id).order_by(rounds.c.number)
        with self._engine.connect() as connection:
            found, bad = readable(connection, query, "estimate of round", rounds.c.number, rounds.c.number, closing_of)
            if bad:  # the round was closed all the same
                bare = query.with_only_columns(rounds.c.number)
                return {number: Closing(completed=LONG_AGO) for number in connection.execute(bare).scalars()} | dict(
                    found
                )
        return dict(found)

    def completed(self) -> dict[int, dict[str, Any] | None]:
        """Return the estimate of each closed round, by number."""
        return {number: one.estimate for number, one in self.closings().items()}

    def closed(self) -> dict[int, datetime]:
        """Return when each round was closed, by number."""
        return {number: one.completed for number, one in self.closings().items()}

    def newest_round(self) -> int:
        """Return the number of the last round that was opened, 0 if none was."""
        query = select(func.max(asked.c.round)).where(asked.c.tracker_id == self.tracker_id)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def open_round_number(self) -> int:
        """Return that of the open round, or of the next one to open; from 1."""
        newest = select(func.max(asked.c.round)).where(asked.c.tracker_id == self.tracker_id)
        closed = select(func.max(rounds.c.number)).where(rounds.c.tracker_id == self.tracker_id)
        with self._engine.connect() as connection:
            opened, last = connection.execute(select(newest.scalar_subquery(), closed.scalar_subquery())).one()
        return max(opened or 1, (last or 0) + 1)

    def _row(self, item: AskedSentence) -> dict[str, Any]:
        return {
            "tracker_id": self.tracker_id,
            "round": item.round,
            "position": item.position,
            "sentence_id": item.sentence_id,
            "reason": str(item.reason),
            "probability": item.probability,
            "score": item.score,
            "text_key": item.text_key,
        }

    def _put(
        self,
        connection: Connection,
        sentence_id: str,
        number: int,
        answer: Answer,
        by: str,
        settles: bool,
        at: datetime | None = None,
    ) -> None:
        moment = now()  # of two answers, or an answer and a closing, the one that is written later is the later one
        before = answers.c.settles if settles else answers.c.by.in_((by, NOBODY))
        mine = (answers.c.tracker_id == self.tracker_id) & (answers.c.sentence_id == sentence_id)
        values = {"tracker_id": self.tracker_id, "sentence_id": sentence_id, "round": number, "answer": str(answer)}
        connection.execute(update(answers).where(mine, before, answers.c.undone.is_(None)).values(undone=moment))
        connection.execute(insert(answers).values(values | {"at": at or moment, "by": by, "settles": settles}))

    def _withdrawn(self, connection: Connection, sentence_id: str) -> tuple[int, dict[str, Any]] | None:
        """Return the newest round that had asked about a sentence and does no more, and what it had written of it."""
        query = select(openings.c.round, openings.c.about).where(openings.c.tracker_id == self.tracker_id)
        for number, about in connection.execute(query.order_by(openings.c.round.desc())):
            for row in taken_out(about):
                if row["sentence_id"] == sentence_id:
                    return int(number), row
        return None

    def _standing(self, number: int) -> Select[tuple[int]]:
        return select(answers.c.id).where(
            answers.c.tracker_id == self.tracker_id, answers.c.round == number, answers.c.undone.is_(None)
        )

    def _withdraw(self, connection: Connection, number: int) -> list[dict[str, Any]]:
        """Take back all that a round asks; what it had asked, and had taken back before."""
        here = (asked.c.tracker_id == self.tracker_id) & (asked.c.round == number)
        opened = (openings.c.tracker_id == self.tracker_id) & (openings.c.round == number)
        rows = connection.execute(select(asked).where(here).order_by(asked.c.position)).mappings().all()
        about = connection.execute(select(openings.c.about).where(opened)).scalar() or {}
        connection.execute(delete(asked).where(here))
        connection.execute(delete(openings).where(opened))
        return [*taken_out(about), *(plain(row) for row in rows)][-MAX_WITHDRAWN:]

    def _revision(self, connection: Connection, number: int) -> Revision:
        query = select(func.coalesce(func.max(answers.c.id), 0), func.count(answers.c.undone))
        newest, undone = connection.execute(
            query.where(answers.c.tracker_id == self.tracker_id, answers.c.round <= number)
        ).one()
        return newest, undone

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Begin a transaction in which nobody else changes this tracker's training; raises ``TrackerNotFound``."""
        with writing(self._engine) as connection:
            mine = select(trackers.c.id).where(trackers.c.id == self.tracker_id, ~trackers.c.erased)
            if connection.execute(mine.with_for_update(key_share=True)).first() is None:
                raise TrackerNotFound(
                    "the tracker was deleted permanently in the meantime; answers given since then were not saved"
                )
            yield connection
