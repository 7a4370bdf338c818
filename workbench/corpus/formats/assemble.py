"""Makes a conversation of what a reader found: one way for all formats, by the rules and limits of the neutral form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from workbench.corpus.formats.base import FormatProblem, FoundConversation
from workbench.corpus.formats.bounds import MAX_ID, MAX_NAME, MAX_VALUE
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.neutral_model import NeutralFormError, dumps, read_json
from workbench.domain.language_tags import language_tag
from workbench.domain.plain_json import MAX_WHOLE
from workbench.domain.plurals import plural

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_CONTROLS_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")
_EXPORT = "export it again with the transcript, or import another file of this conversation"


def assembled(draft: Draft, fallback: str, form: str = "", former: str = "") -> FoundConversation | FormatProblem:
    """Return the conversation of a draft, or why it is invalid.

    Turns are sorted by their start, and one without a start stays after the turn before it; empty ones are left out. A
    moment without an offset stays without.

    Args:
        draft: what a reader found.
        fallback: the id if the draft has none: the file's name, with a number if there are several drafts.
        form: the format's name.
        former: the id that earlier versions used, if they used another.
    """
    turns = _spoken(draft)
    if not turns:
        return FormatProblem(draft.line, _nothing_said(draft))
    try:
        read = read_json(dumps(_neutral(draft, turns, fallback)).encode())
    except NeutralFormError as error:
        return FormatProblem(draft.line, str(error))
    except RecursionError:
        return FormatProblem(draft.line, "nested too deeply to be a transcript")
    left_out = {kind: count for kind, count in draft.left_out.items() if count > 0}
    notes, by_file = tuple(dict.fromkeys(draft.notes)), not _identifier(draft.id)
    former_id = _identifier(former) if by_file else ""
    return FoundConversation(
        draft.line, read.conversation, read.repaired, None, form, left_out, notes, by_file, former_id
    )


def told_counts(counts: Mapping[str, int]) -> str:
    """Return text such as "3 events, 1 internal note"; empty without counts."""
    return ", ".join(plural(count, kind, _plural(kind)) for kind, count in counts.items() if count)


def in_order(turns: Iterable[DraftTurn]) -> list[DraftTurn]:
    """Return the turns sorted by start; one without a start stays after the turn before it."""
    keyed, last = [], float("-inf")
    for turn in turns:
        last = last if turn.start_s is None else turn.start_s
        keyed.append((last, turn))
    keyed.sort(key=lambda pair: pair[0])
    return [turn for _, turn in keyed]


def _spoken(draft: Draft) -> list[DraftTurn]:
    turns = []
    for turn in draft.turns:
        turn.text = turn.text.strip()
        if turn.text:
            turns.append(turn)
        else:
            draft.left_out["turn without text"] += 1
    return in_order(turns)


def _neutral(draft: Draft, turns: list[DraftTurn], fallback: str) -> dict[str, Any]:
    told = {
        "id": _identifier(draft.id) or _identifier(fallback) or "conversation",
        "kind": draft.kind,
        "title": _short(draft.title),
        "started": draft.started.astimezone(UTC) if draft.started else draft.started_local,
        "duration_s": draft.duration_s,
        "language": _language(draft.language),
        "direction": draft.direction,
        "scope": draft.scope,
        "channel": draft.channel,
        "thread": _short(draft.thread),
        "account": _short(draft.account),
        "fields": {key: _field(value) for name, value in draft.fields.items() if (key := _short(name))},
        "turns": [_turn(turn) for turn in turns],
        "parties": _parties(draft, turns),
    }
    return {name: value for name, value in told.items() if value not in (None, {}, [])}


def _turn(turn: DraftTurn) -> dict[str, Any]:
    text = turn.text
    told: dict[str, Any] = {
        "text": text if text.isprintable() else _CONTROLS_IN_TEXT.sub(" ", text).strip() or "\ufffd"
    }
    if turn.speaker is not None and (speaker := _identifier(turn.speaker)):
        told["party"] = speaker
    if turn.start_s is not None:
        told["start_s"] = turn.start_s
    if turn.end_s is not None:
        told["end_s"] = turn.end_s
    return told


def _parties(draft: Draft, turns: list[DraftTurn]) -> list[dict[str, Any]]:
    names = dict.fromkeys(turn.speaker for turn in turns)
    names |= dict.fromkeys((*draft.sides, *draft.addresses))
    out: dict[str, dict[str, Any]] = {}
    for name in names:
        if name is None or not (key := _identifier(name)):
            continue
        party = {"id": key, "name": key, "side": draft.sides.get(name), "email": _short(draft.addresses.get(name))}
        out.setdefault(key, {field: value for field, value in party.items() if value})
    return list(out.values())


def _identifier(value: str | None) -> str:
    """Return a text as a valid id; one that is too long ends in a digest of the whole."""
    text = value or ""
    if not text.isprintable():
        text = _CONTROLS.sub(" ", text)
    text = text.strip()
    if len(text) <= MAX_ID:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{text[: MAX_ID - 13]}-{digest}"


def _short(value: str | None) -> str | None:
    return (_CONTROLS.sub(" ", value).strip()[:MAX_NAME] or None) if value else None


def _language(value: str | None) -> str | None:
    return language_tag(value[:100]) if value else None


def _field(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROLS_IN_TEXT.sub(" ", value)[:MAX_VALUE]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_WHOLE:
        return str(value)
    return value


def _nothing_said(draft: Draft) -> str:
    told = told_counts(draft.left_out)
    return f"contains no speech{f' ({told} left out)' if told else ''}; {_EXPORT}"


def _plural(kind: str) -> str:
    """Return a kind's plural: of its first noun, as in "turns without text"."""
    head, middle, rest = kind.partition(" without ")
    return f"{head}{'es' if head.endswith(('s', 'x', 'ch')) else 's'}{middle}{rest}"
