"""Existing labels, read from tables and from the exports of Label Studio, Prodigy and doccano."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.corpus.columns import as_text, column_name, given_or_none
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.reasons import shown
from workbench.corpus.formats.times import number, seconds, taken_as_utc
from workbench.corpus.frames import is_frame
from workbench.corpus.table_text import MAX_TABLE_BYTES, rows_of_table, text_of_table
from workbench.domain import plain_json
from workbench.domain.annotators import checked_user
from workbench.domain.errors import InvalidAnswer, InvalidArgument
from workbench.domain.paths import absolute
from workbench.domain.plurals import plural
from workbench.domain.rules import MAX_EXAMPLE
from workbench.domain.tags import Answer, answer_of
from workbench.domain.texts import normalise, whole
from workbench.domain.words import fold
from workbench.results.csv_export import unguarded

LabelSource = str | os.PathLike[str] | pd.DataFrame | Iterable[Mapping[str, Any]]

MAX_ROWS = 200_000
_COLUMNS: dict[str, tuple[str, ...]] = {
    "sentence_id": ("sentence_id",),
    "text": ("text", "sentence", "utterance", "content"),
    "before": ("before",),
    "answer": ("answer", "label", "labels", "annotation", "class", "category"),
    "annotator": ("annotator", "annotator_id", "annotated_by", "by", "user", "username", "completed_by"),
    "at": ("at", "answered_at", "created_at", "updated_at", "timestamp"),
    "call": ("conversation_id", "call_id", "conversation", "call"),
    "start_s": ("start_s", "time_s", "start", "time"),
    "round": ("round",),
    "position": ("position",),
    "reason": ("reason",),
    "settles": ("settles",),
    "complete": ("complete",),
}
_FURTHER = {
    **dict.fromkeys(("y", "true", "1", "1.0", "positive", "accept"), Answer.YES),
    **dict.fromkeys(("n", "false", "0", "0.0", "negative", "reject"), Answer.NO),
    **dict.fromkeys(("ignore", "unsure"), Answer.NOT_SURE),
}
_PRODIGY = frozenset(("accept", "reject", "ignore"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """One label of one sentence, as in a file; ``line`` is the line, or the index of the row, counted from 1.

    The sentence is identified by ``sentence_id``, by ``text``, or by ``call`` with the time ``start_s``. ``round``,
    ``position`` and ``reason`` come from an export of the workbench.
    """

    line: int
    answer: Answer
    sentence_id: str = ""
    text: str = ""
    before: str = ""
    call: str = ""
    start_s: float | None = None
    annotator: str = ""
    at: datetime | None = None
    round: int = 0
    position: int = 0
    reason: str = ""
    settles: bool = False
    complete: bool = True


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """A label that was not imported: the line (or row) counted from 1, the kind of problem, and the reason.

    ``kind`` is unreadable, not_found, ambiguous or conflicting.
    """

    line: int
    kind: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def label_rows(source: LabelSource, label: str | None = None) -> Iterator[LabelRow | AnswerProblem]:
    """Read labels; rows without one are left out.

    Args:
        source: a file (CSV, JSON or JSON Lines), a DataFrame, or dicts.
        label: the label that means YES, if labels are names; a labelled sentence without it is NO.

    Raises:
        FileNotFoundError: ``source`` is a path that does not exist.
        InvalidArgument: the file cannot be read, is too large, or has no labels or nothing that identifies a sentence.
    """
    wanted = None if label is None else fold(normalise(label))
    for place, (line, given) in enumerate(_dicts(source)):
        if place >= MAX_ROWS:
            raise InvalidArgument(f"more than {MAX_ROWS:,} rows; import them in parts")
        if not isinstance(given, Mapping):
            yield AnswerProblem(line, "unreadable", f"not an object with a text and a label: {shown(given)}")
            continue
        for one in _annotated(given):
            row = _row(line, one, wanted)
            if row is not None:
                yield row


def _dicts(source: LabelSource) -> Iterator[tuple[int, Any]]:
    if isinstance(source, str | os.PathLike):
        yield from _of_file(absolute(source))
    elif is_frame(source):
        table: Any = source
        frame = table if isinstance(table, pd.DataFrame) else table.to_pandas()
        yield from enumerate(_checked(frame.to_dict("records"), list(frame.columns)), 1)
    elif isinstance(source, Mapping) or not isinstance(source, Iterable):
        raise InvalidArgument(f"give a file, a DataFrame or a list of dicts, not {shown(source)}")
    else:
        yield from enumerate(source, 1)


def _of_file(file: Path) -> Iterator[tuple[int, Any]]:
    if not file.is_file():
        raise FileNotFoundError(f"{file}: no such file")
    opened = Opened(file)
    try:
        data = opened.data
        if len(data) > MAX_TABLE_BYTES:
            raise InvalidArgument(f"{file.name}: larger than {MAX_TABLE_BYTES // 10**6} MB; import it in parts")
        start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if start == b"[":
            found = opened.json
            yield from enumerate(found if isinstance(found, list) else [found], 1)
        elif start == b"{":
            yield from _of_lines(opened)
        else:
            yield from _of_table(text_of_table(data), file.name)
    except UnreadableFile as error:
        where = "" if error.line is None else f", line {error.line}"
        raise InvalidArgument(f"{file.name}{where}: {error.reason}") from None


def _of_lines(opened: Opened) -> Iterator[tuple[int, Any]]:
    """Yield the objects of JSON Lines, or one object over several lines."""
    lines = [(at, line) for at, line in enumerate(opened.lines, 1) if line.strip()]
    try:
        plain_json.loads(lines[0][1])
    except ValueError:
        yield 1, opened.json
        return
    for at, line in lines:
        try:
            yield at, plain_json.loads(line)
        except ValueError as error:
            yield at, f"invalid JSON: {error}"


def _of_table(text: str, file: str) -> Iterator[tuple[int, Any]]:
    rows = rows_of_table(text)
    header = next(rows, None)
    if header is None:
        raise InvalidArgument(f"{file}: empty")
    names = [unguarded(one.strip()) for one in header.cells]
    _check_columns(names)
    for line, cells in rows:
        if len(cells) > len(names):
            yield line, f"{plural(len(cells), 'cell')} for {plural(len(names), 'column')}"
        else:
            yield line, {name: unguarded(one) for name, one in zip(names, cells, strict=False)}


def _checked(rows: list[Any], columns: Sequence[Any]) -> list[Any]:
    _check_columns([str(one) for one in columns])
    return rows


def _check_columns(names: Sequence[str]) -> None:
    """Raise ``InvalidArgument`` if no column contains a label, or none identifies the sentence."""
    known = {column_name(one).lstrip("_") for one in names}
    if not known & {*_COLUMNS["answer"], "annotations", "accept", "spans"}:
        raise InvalidArgument("no column for the answer; name it answer or label")
    if not known & {"sentence_id", "data", *_COLUMNS["text"]} and not known & {*_COLUMNS["call"]}:
        raise InvalidArgument("no column says which sentence is meant; name it sentence_id, text, or call and start_s")


def _annotated(given: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield one mapping for each annotation: a task in Label Studio may have several, others have one."""
    told = given.get("annotations", given.get("completions"))
    data = given.get("data")
    if not isinstance(told, list) or not isinstance(data, Mapping):
        yield _flat(given)
        return
    for one in told:
        if not isinstance(one, Mapping) or one.get("was_cancelled"):
            continue
        by = one.get("completed_by")
        by = by.get("email") or by.get("id") if isinstance(by, Mapping) else by
        about = {"labels": _chosen(one.get("result")), "annotator": by, "at": one.get("created_at")}
        plain = {name: value for name, value in _flat(data).items() if column_name(name) not in _COLUMNS["answer"]}
        yield {**plain, **about}


def _flat(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row, with values of its ``meta`` for those that it lacks."""
    meta = given.get("meta", given.get("metadata"))
    return {**(meta if isinstance(meta, Mapping) else {}), **given}


def _chosen(result: Any) -> list[str]:
    """Return the labels in a result from Label Studio."""
    found: list[str] = []
    for one in result if isinstance(result, list) else ():
        value = one.get("value") if isinstance(one, Mapping) else None
        if isinstance(value, Mapping):
            lists = [value.get(name) for name in ("choices", "labels", "hypertextlabels")]
            found += [str(label) for own in lists if isinstance(own, list) for label in own]
    return found


def _row(line: int, given: Mapping[str, Any], wanted: str | None) -> LabelRow | AnswerProblem | None:
    left = {column_name(name).lstrip("_"): value for name, value in reversed(list(given.items()))}
    found = {name: next((left[one] for one in names if one in left), None) for name, names in _COLUMNS.items()}
    cells = {name: given_or_none(value) for name, value in found.items()}
    try:
        answer = _answer(left, cells["answer"], wanted)
    except InvalidAnswer as error:
        return AnswerProblem(line, "unreadable", str(error))
    if answer is None:
        return None
    try:
        annotator = _text(cells["annotator"]) and checked_user(_text(cells["annotator"]))
    except InvalidArgument as error:
        return AnswerProblem(line, "unreadable", f"annotator: {error}")
    row = LabelRow(
        line=line,
        answer=answer,
        sentence_id=_text(cells["sentence_id"]),
        text=_text(cells["text"]),
        before=_text(str(cells["before"] or "").split("\n")[-1]),
        call=_text(cells["call"]),
        start_s=seconds(cells["start_s"]),
        annotator=annotator,
        at=taken_as_utc(cells["at"]),
        round=_whole(cells["round"]),
        position=_whole(cells["position"]),
        reason=_text(cells["reason"]),
        settles=_is_true(cells["settles"]),
        complete=cells["complete"] is None or _is_true(cells["complete"]),
    )
    if not (row.sentence_id or row.text or (row.call and row.start_s is not None)):
        return AnswerProblem(
            line, "unreadable", "does not say which sentence; give its sentence_id, text, or call and start_s"
        )
    if len(row.text) > MAX_EXAMPLE or len(row.before) > MAX_EXAMPLE:
        return AnswerProblem(line, "unreadable", f"text: must have at most {MAX_EXAMPLE:,} characters")
    return replace(row, round=row.round if row.sentence_id else 0)


def _answer(left: Mapping[str, Any], given: Any, wanted: str | None) -> Answer | None:
    """Return a row's answer; None if it has no label, or is one of Prodigy's about another label."""
    said = fold(str(left.get("answer"))) if isinstance(left.get("answer"), str) else ""
    if said in _PRODIGY:
        if said == "ignore":
            return Answer.NOT_SURE
        listed = left["accept"] if isinstance(left.get("accept"), list) else left.get("spans")
        labels = _names(left.get("label") if listed is None else listed)
        if wanted is None and listed is None:
            return Answer.YES if said == "accept" else Answer.NO
        if listed is None:
            about = wanted in labels
            return (Answer.YES if said == "accept" else Answer.NO) if about else None
        if said == "reject":
            return None
        return Answer.YES if wanted in labels else (Answer.NO if wanted is not None else _yes_or_no(labels))
    if given is None:
        return None
    labels = _names(given)
    if wanted is not None:
        return Answer.YES if wanted in labels else Answer.NO
    return _yes_or_no(labels)


def _yes_or_no(labels: Sequence[str]) -> Answer | None:
    if not labels:
        return None
    if len(labels) > 1:
        raise InvalidAnswer(f"answer: {len(labels)} labels; say which of them means yes (label=…, --label)")
    try:
        return _FURTHER.get(labels[0]) or answer_of(labels[0])
    except InvalidAnswer:
        told = f"answer: must be one of {', '.join(Answer)}, not {shown(labels[0])}"
        raise InvalidAnswer(f"{told}; or say which label means yes (label=…, --label)") from None


def _names(given: Any) -> list[str]:
    """Return labels folded for comparison: from one, a list, or spans ``[start, end, label]``."""
    listed = given if isinstance(given, list | tuple) else [given]
    names = []
    for one in listed:
        if isinstance(one, list | tuple) and len(one) == 3:
            one = one[2]
        elif isinstance(one, Mapping):
            one = one.get("label", one.get("text"))
        if (text := as_text(given_or_none(one))) is not None:
            names.append(fold(normalise(str(text))))
    return list(dict.fromkeys(names))


def _text(value: Any) -> str:
    found = as_text(value)
    return "" if found is None else normalise(whole(str(found)))


def _whole(value: Any) -> int:
    found = number(value)
    return 0 if found is None or not math.isfinite(found) or not 0 <= found < 10**6 else int(found)


def _is_true(value: Any) -> bool:
    return value is True or fold(str(value)) in ("true", "1", "yes")
