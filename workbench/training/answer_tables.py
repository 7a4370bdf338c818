"""Answers as a table: who answered what about which sentence, with its context, and why it was asked."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.corpus.lake import Lake
from workbench.corpus.views import SentenceInContext
from workbench.domain import plain_json
from workbench.domain.access import private_opener
from workbench.domain.errors import InvalidArgument
from workbench.domain.paths import absolute
from workbench.domain.tags import ContextSentence
from workbench.results.csv_export import write_csv
from workbench.store.past_texts import PastText
from workbench.store.sessions import AskedSentence

MAX_CONTEXT = 20  # sentences on each side
COLUMNS = (
    *("sentence_id", "conversation_id", "title", "started", "start_s", "speaker", "side", "before", "text", "after"),
    *("answer", "annotator", "at", "counts", "settles", "round", "position", "reason", "probability", "score"),
    "complete",
)
_TEXTS = frozenset(COLUMNS[:14]) - {"started", "start_s", "at"} | {"reason"}


def answer_table(
    lake: Lake,
    asked: Sequence[AskedSentence],
    complete: Collection[int],
    past: Mapping[str, PastText],
    context: int = 2,
) -> pd.DataFrame:
    """Return the answers that count, one per row, in the order in which they were asked; see ``Tracker.answers``.

    Args:
        lake: the corpus.
        asked: what was asked, with its answers.
        complete: numbers of the rounds that are complete.
        past: for deleted sentences, the sentence before and the sentence itself.
        context: how many sentences of the same conversation to put in ``before`` and ``after``, one per line.

    Raises:
        InvalidArgument: ``context`` is not a whole number from 0 to ``MAX_CONTEXT``.
    """
    if isinstance(context, bool) or not isinstance(context, int) or not 0 <= context <= MAX_CONTEXT:
        raise InvalidArgument(f"context: must be a whole number from 0 to {MAX_CONTEXT}, not {context!r}")
    answered = [item for item in asked if item.given]
    found = lake.sentences([item.sentence_id for item in answered], context)
    rows = [row for item in answered for row in _rows(item, found.get(item.sentence_id), past)]
    rows = [row | {"complete": row["round"] in complete} for row in rows]
    frame = pd.DataFrame(rows, columns=[*COLUMNS])
    for name in ("started", "at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    for name in ("start_s", "probability", "score"):
        frame[name] = frame[name].astype("float64")
    return frame.astype(dict.fromkeys(sorted(_TEXTS), object))


def write_answers(frame: pd.DataFrame, path: str | os.PathLike[str], bom: bool = False) -> Path:
    """Write answers to a file, as CSV or JSON Lines by its ending; overwrite an existing one, and return the file.

    Raises:
        InvalidArgument: ``path`` ends with neither .csv nor .jsonl.
    """
    file = absolute(path)
    ending = file.suffix.lower()
    if ending == ".csv":
        return write_csv(frame, file, bom)
    if ending != ".jsonl":
        raise InvalidArgument(f"path: {file.name!r} must end with .csv or .jsonl")
    with open(file, "w", encoding="utf-8", newline="", opener=private_opener) as out:
        out.writelines(f"{plain_json.dumps(one, ensure_ascii=False)}\n" for one in records(frame))
    return file


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows ready for JSON: moments as ISO 8601 text, None for missing values."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _rows(
    item: AskedSentence, found: SentenceInContext | None, past: Mapping[str, PastText]
) -> Iterator[dict[str, Any]]:
    about = _said(item.sentence_id, found, past)
    for one in item.given:
        yield about | {
            "answer": str(one.answer),
            "annotator": one.by,
            "at": one.at,
            "counts": None if item.tag is None else str(item.tag.answer),
            "settles": one.settles,
            "round": item.round,
            "position": item.position,
            "reason": str(item.reason),
            "probability": item.probability,
            "score": item.score,
        }


def _said(name: str, found: SentenceInContext | None, past: Mapping[str, PastText]) -> dict[str, Any]:
    about: dict[str, Any] = {"sentence_id": name, "conversation_id": name.rsplit(":", 2)[0]}
    if found is None:
        before, text = past.get(name, ("", ""))
        return about | {"before": before, "text": text, "after": ""}
    own = ("conversation_id", "title", "started", "start_s", "speaker", "side", "text")
    around = {"before": _lines(found.before), "after": _lines(found.after)}
    return about | {field: getattr(found, field) for field in own} | around


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value


def _lines(sentences: Sequence[ContextSentence]) -> str:
    return "\n".join(one.text for one in sentences)
