"""Rows of training as objects: what was asked, with its answers, and closed rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from workbench.domain.annotators import Given, counted
from workbench.domain.estimates import estimate_of
from workbench.domain.tags import Answer, Reason, Tag
from workbench.store.moments import aware
from workbench.store.reading import checked_mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSentence:
    """A sentence that a round asks about, in its place; ``tag`` is the answer that counts of those ``given``.

    ``text_key`` is that of what the sentence said then, None if an older version asked about it.
    """

    sentence_id: str
    round: int
    position: int
    reason: Reason
    probability: float | None
    score: float
    text_key: int | None = None
    tag: Tag | None = None
    given: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A closed round: when, its estimate, and what the estimate is based on; None if that was not stored."""

    completed: datetime
    estimate: dict[str, Any] | None = None
    basis: dict[str, Any] | None = None

    @property
    def at(self) -> datetime:
        """When its estimate was computed: when the round was closed, or later if it was computed again."""
        return self.completed if self.basis is None else datetime.fromisoformat(self.basis["at"])


def closing_of(row: RowMapping) -> tuple[int, Closing]:
    """Read a closed round, with its number; raises if its estimate is not valid."""
    estimate_of(row["estimate"])
    basis = None if row["basis"] is None else checked_mapping(row["basis"])
    return row["number"], Closing(completed=aware(row["completed"]), estimate=row["estimate"], basis=basis)


def plain(row: RowMapping) -> dict[str, Any]:
    """Return a row of ``asked`` for a log, ready for JSON."""
    return {name: value for name, value in row.items() if name not in ("tracker_id", "round")}


def asked_of(rows: Sequence[RowMapping]) -> AskedSentence:
    """Read one asked sentence from its rows: one row per answer, or a single row without or with one answer."""
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
    return AskedSentence(
        sentence_id=row["sentence_id"],
        round=row["round"],
        position=row["position"],
        reason=reason,
        probability=row["probability"],
        score=row["score"],
        text_key=row["text_key"],
        tag=tag,
        given=given,
    )


def taken_out(about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the rows that a round asked about and does no more, as its opening noted them, the earliest first."""
    replaced = [row for one in about.get("replaced", ()) for row in one["removed"]]
    return [*about.get("withdrawn", ()), *replaced]
