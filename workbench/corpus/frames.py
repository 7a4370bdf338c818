"""DataFrames as conversations: one row per turn, or one row per conversation with nested ``turns``.

Columns are recognised by these names, in any case, with spaces or underscores; the first that exists counts:

- the conversation's id: ``conversation_id``, ``call_id``, ``conversation``, ``call`` or ``id`` (also of the index) -
one row per turn: ``text`` or ``utterance``; ``party``, ``speaker_id`` or ``speaker`` for who says it, with ``speaker``
or ``speaker_name`` for the name; ``side``, ``speaker_team``, ``speaker_email``; ``start_s`` or ``start``; ``end_s`` or
``end``; ``labels`` - one row per conversation: ``turns``, a list of dicts - of the whole conversation: ``kind``,
``title``, ``started``, ``duration_s`` or ``duration``, ``direction``, ``channel``, ``scope``, ``language``,
``account``, ``team``, ``thread``, ``media``, ``deal_id``, ``deal_stage``, ``deal_amount``, ``deal_outcome``, or
``deal``, ``parties`` and ``fields`` as in the neutral form

Every other column becomes a further field. Turns are in the order of their rows. If rows of one conversation disagree
about it, the first value counts, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench.corpus.columns import CALL, ID, as_choice, as_text, chosen, column_name, given_or_none, taken, wanted
from workbench.corpus.formats.given import read_given, turn_problem
from workbench.corpus.formats.neutral_model import NeutralFormError, ReadConversation
from workbench.corpus.formats.reasons import shown, summed_up
from workbench.corpus.formats.values import plain
from workbench.domain.errors import InvalidArgument

_TURN = {
    "text": ("text", "utterance"),
    "party": ("party", "speaker_id", "speaker"),
    "name": ("speaker", "speaker_name"),
    "side": ("side", "speaker_side"),
    "team": ("speaker_team",),
    "email": ("speaker_email",),
    "start_s": ("start_s", "start"),
    "end_s": ("end_s", "end"),
    "labels": ("labels",),
}
_OF_SPEAKERS = ("name", "side", "team", "email")
_NO_DEAL = "deal_id: missing, although other columns tell of the deal; give its id, or leave them empty"
_CHOICES = frozenset(("kind", "direction", "channel", "scope", "side", "deal_outcome"))
_PLACE = re.compile(r"turns\.(\d+)(?:\.|\b)")


@dataclass(frozen=True, slots=True)
class FrameRow:
    """The result for a row, by the row's label: a conversation that begins in it, or why it cannot be used."""

    label: str
    read: ReadConversation | str


def is_frame(source: Any) -> bool:
    """Return whether a source is a DataFrame, or converts to one, as tables of Arrow and Polars do."""
    return isinstance(source, pd.DataFrame) or callable(getattr(source, "to_pandas", None))


def rows_of_frame(source: Any) -> Iterator[FrameRow]:
    """Read the conversations of a DataFrame in the order in which they begin.

    Raises:
        InvalidArgument: there is no column for the id or for the text, or two columns have the same name.
    """
    frame = _with_index(source if isinstance(source, pd.DataFrame) else source.to_pandas())
    if not frame.empty:
        yield from _Frame(frame).rows()


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with those levels of its index whose names are those of a conversation's id."""
    for at, name in enumerate(frame.index.names):
        if name is not None and column_name(name) in ID and name not in frame.columns:
            frame = frame.assign(**{str(name): frame.index.get_level_values(at)})
    return frame


class _Frame:
    """A frame's columns by their use."""

    def __init__(self, frame: pd.DataFrame):
        names = [str(name) for name in frame.columns]
        if repeated := [name for name in names if names.count(name) > 1]:
            raise InvalidArgument(f"column {shown(repeated[0])}: there are two of this name; rename or drop one")
        left = {column_name(name): name for name in reversed(names)}
        values = {name: list(frame.iloc[:, at]) for at, name in enumerate(names)}
        self._labels = [str(label) for label in frame.index]
        self._ids = values[wanted(left, ID, "the conversation's id")]
        self._nested = taken(left, ("turns",))
        if self._nested is None:
            wanted(left, _TURN["text"], "what is said", take=False)
        elif any(name in left for name in _TURN["text"]):
            raise InvalidArgument("columns turns and text: give one of them, a row a conversation or a row a turn")
        turns = {} if self._nested else chosen(left, _TURN)
        if turns.get("party") and not turns.get("name") and column_name(turns["party"]) == "speaker":
            turns["name"] = turns["party"]
        self._turn = {name: values[column] for name, column in turns.items()}
        self._call = {name: values[column] for name, column in chosen(left, CALL).items()}
        self._further = {name: values[name] for name in names if name in left.values()}
        self._turns = values[self._nested] if self._nested else []

    def rows(self) -> Iterator[FrameRow]:
        places: dict[Any, list[int]] = {}
        for at, given in enumerate(self._ids):
            name = as_text(given)
            if not isinstance(name, str) or not name:
                reason = "missing" if name is None or name == "" else f"must be text, not {shown(name)}"
                yield FrameRow(self._labels[at], f"the conversation's id: {reason}")
            else:
                places.setdefault(at if self._nested else name, []).append(at)
        for own in places.values():
            yield from self._conversation(str(as_text(self._ids[own[0]])), own)

    def _conversation(self, name: str, places: Sequence[int]) -> Iterator[FrameRow]:
        """Yield the conversation, without turns that cannot be used, if there are any."""
        call = _Call({"id": name}, places)
        for column, values in self._call.items():
            call.take(column, values)
        call.given |= {"fields": self._fields(call), **_deal(call.given)}
        turns: list[Any] = [self._said(at) for at in places]
        if self._nested:
            return (yield self._read(call, given_or_none(self._turns[places[0]]), places))
        if parties := self._parties(call, turns):
            call.given["parties"] = [*_listed(call.given.get("parties")), *parties]
        read = self._read(call, turns, places)
        if isinstance(read.read, ReadConversation):
            return (yield read)
        reasons = [turn_problem(turn) for turn in turns]
        kept = [at for at, reason in enumerate(reasons) if not reason]
        for at, reason in zip(places, reasons, strict=True):
            if reason:
                yield FrameRow(self._labels[at], reason)
        if kept and len(kept) < len(turns):
            yield self._read(call, [turns[at] for at in kept], [places[at] for at in kept])
        elif kept:
            yield read

    def _read(self, call: _Call, turns: Any, places: Sequence[int]) -> FrameRow:
        label = self._labels[places[0]]
        told = [f"row {self._labels[at]}: {what}" for at, what in call.told]
        try:
            read = read_given(call.given | {"turns": turns})
        except NeutralFormError as error:
            return FrameRow(label, self._placed(str(error), places).removeprefix(f"row {label}: "))
        repaired = [self._placed(read.repaired, places)] if read.repaired else []
        what = [one.removeprefix(f"row {label}: ") for one in (*repaired, *told)]
        return FrameRow(label, ReadConversation(read.conversation, summed_up(what)))

    def _placed(self, text: str, places: Sequence[int]) -> str:
        """Return a message with rows instead of turns, and columns instead of fields."""
        text = text.replace("deal.id: missing", _NO_DEAL)
        if self._nested:
            return text

        def row(found: re.Match[str]) -> str:
            at = int(found[1])
            return f"row {self._labels[places[at]]}: " if at < len(places) else found[0]

        return _PLACE.sub(row, text)

    def _said(self, at: int) -> dict[str, Any]:
        turn = {name: given_or_none(values[at]) for name, values in self._turn.items() if name not in _OF_SPEAKERS}
        turn["text"] = given_or_none(self._turn["text"][at], blank=True) if "text" in self._turn else None
        turn["text"] = str(plain(turn["text"])) if _is_number(turn["text"]) else turn["text"]
        turn["party"] = as_text(turn.get("party"))
        if turn["party"] is None and "side" in self._turn:
            turn["party"] = as_choice(self._turn["side"][at])
        labels = turn.get("labels")
        return turn | ({"labels": [labels]} if isinstance(labels, str) else {})

    def _parties(self, call: _Call, turns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return all speakers, with what their rows say about them, except those whom the call lists."""
        listed = {one.get("id") for one in _listed(call.given.get("parties")) if isinstance(one, Mapping)}
        rows: dict[str, list[int]] = {}
        for at, turn in zip(call.places, turns, strict=True):
            if isinstance(turn["party"], str) and turn["party"] and turn["party"] not in listed:
                rows.setdefault(turn["party"], []).append(at)
        parties = []
        for name, own in rows.items():
            party = _Call({"id": name}, own)
            for column in _OF_SPEAKERS:
                if column in self._turn:
                    party.take(column, self._turn[column])
            call.told.extend((at, f"{shown(name)}: {what}") for at, what in party.told)
            parties.append(party.given)
        return parties

    def _fields(self, call: _Call) -> dict[str, Any]:
        further = _Call({}, call.places, told=call.told)
        for column, values in self._further.items():
            further.take(column, values, blank=True)
        fields = call.given.get("fields")
        return {**(fields if isinstance(fields, Mapping) else {}), **further.given}


@dataclass(slots=True)
class _Call:
    """The values in the rows of one conversation, or of one speaker in it; and where they disagree."""

    given: dict[str, Any]
    places: Sequence[int]
    told: list[tuple[int, str]] = field(default_factory=list)

    def take(self, name: str, values: Sequence[Any], blank: bool = False) -> None:
        """Take the first value, and note the first that differs from it."""
        first, is_first = None, True
        for at in self.places:
            value = given_or_none(values[at], blank)
            if value is None:
                continue
            if is_first:
                first, is_first = value, False
            elif value is not first and not _same(value, first):
                self.told.append(
                    (at, f"{name} {shown(plain(value))} differs from {shown(plain(first))}, which was kept")
                )
                break
        if not is_first:
            self.given[name] = as_choice(first) if name in _CHOICES else first


def _deal(given: dict[str, Any]) -> dict[str, Any]:
    """Return the deal of a call as one object; its own columns take precedence."""
    found = {name: given.pop(f"deal_{name}", None) for name in ("id", "stage", "amount", "outcome")}
    own = {name: value for name, value in found.items() if value is not None}
    deal = given.get("deal")
    return {"deal": {**(deal if isinstance(deal, Mapping) else {}), **own}} if own else {}


def _is_number(value: Any) -> bool:
    found = plain(value)
    return isinstance(found, int | float) and not isinstance(found, bool)


def _same(value: Any, first: Any) -> bool:
    try:
        return bool(value == first)
    except Exception:  # noqa: BLE001, arrays have no one answer
        return str(value) == str(first)


def _listed(parties: Any) -> list[Any]:
    return [] if parties is None or isinstance(parties, str | Mapping) else list(parties)
