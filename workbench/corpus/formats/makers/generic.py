"""JSON of unknown makers: finds the list of turns in it, and proposes what its keys contain (a mapping)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.json_mapping import UNITS, JsonMapping
from workbench.corpus.formats.makers.speakers import FASTEST, SLOWEST, rate
from workbench.corpus.formats.makers.values import first, name, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.times import between, moment, number, seconds, tidy
from workbench.domain.conversations import Side

_TEXTS = (
    "text",
    "transcript",
    "content",
    "message",
    "utterance",
    "sentence",
    "body",
    "snippet",
    "phrase",
    "words",
    "value",
    "txt",
    "said",
    "spokentext",
    "utterancetext",
)
_SPEAKERS = (
    "speakername", "speaker", "speakerlabel", "speakerid", "speakerrole", "speakertype", "participantname",
    "participant", "participantrole", "role", "party", "channel", "from", "sender", "author", "user", "agentorcustomer",
    "name", "who", "sp", "spk", "talker", "username", "displayname", "users", "actor", "type",
)  # fmt: skip
_STARTS = (
    "start", "starttime", "startms", "starts", "startsec", "startseconds", "startmillis", "starttimems", "begin",
    "begintime", "offset", "offsetms", "startoffset", "timestamp", "time", "ts", "s", "at", "from", "date", "createdat",
    "startts", "t",
)  # fmt: skip
_ENDS = (
    "end",
    "endtime",
    "endms",
    "endsec",
    "endseconds",
    "endmillis",
    "endtimems",
    "endoffset",
    "stop",
    "to",
    "e",
    "endts",
)
_CONVERSATIONS = (
    "conversationid", "callid", "dialogueid", "dialogid", "sessionid", "transcriptid", "recordingid", "threadid",
    "ticketid", "contactid",
)  # fmt: skip
_IDS = (
    "id",
    "uuid",
    "call_id",
    "callId",
    "conversation_id",
    "conversationId",
    "session_id",
    "sessionId",
    "recording_id",
)
_MAX_GENERIC_DEPTH = 8
_MAX_VISITED = 20_000
_MAX_LOOKED_AT = 200  # entries whose values show what a key contains
_STEP_MS = 60  # whole numbers with a larger median step are milliseconds
_MAX_NAME = 80
_NUMBER_LIKE = re.compile(r"\+?[\d\s().-]{6,20}")


def read_unknown(document: Any) -> list[Draft] | None:
    """Return the conversations of a document by the best mapping; None if none fits."""
    mapping = proposed(document)
    return read_mapped(document, mapping) if mapping else None


def proposed(document: Any) -> JsonMapping | None:
    """Return the mapping of the longest list of turns in a document; None if there is none.

    Turns have a key for what is said and one for who says it; or each has only one key, the speaker, as in ``[{"agent":
    "Hello."}, {"caller": "Hi."}]``.
    """
    best: tuple[int, JsonMapping] | None = None
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for path, entries in _lists(document):
        groups.setdefault(path, []).extend(entries[:_MAX_LOOKED_AT])
    for path, entries in groups.items():
        found = _fits(path, entries)
        if found and (best is None or len(entries) > best[0]):
            best = (len(entries), found)
    return best[1] if best else None


def tell_call(draft: Draft, holder: dict[str, Any]) -> None:
    """Set what an object says about the call besides its turns: id, title and language."""
    draft.id = name(first(holder, *_IDS))
    draft.title = draft.title or name(first(holder, "title", "subject"))
    draft.language = draft.language or name(first(holder, "language", "language_code", "languageCode", "locale"))


def read_keyed(document: Any) -> list[Draft] | None:
    """Read an object whose keys are conversation ids; None if its values are not all of one form."""
    if not isinstance(document, dict) or len(document) < 2:
        return None
    values = list(document.values())
    mapping = proposed(values[0]) if isinstance(values[0], dict | list) else None
    if not mapping or not all(_has_turns(one, mapping) for one in values):
        return None
    drafts: list[Draft] = []
    for key, value in document.items():
        for place, draft in enumerate(read_mapped(value, mapping), start=1):
            draft.id = draft.id or (key if place == 1 else f"{key} {place}")
            draft.notes = [] if drafts else [f"{draft.notes[0]}; each key at the top is a conversation"]
            drafts.append(draft)
    return drafts


def _has_turns(value: Any, mapping: JsonMapping) -> bool:
    found = [entries for _, entries in _found(value, mapping.path)]
    return bool(found) and all(mapping.text in sample(entries) for entries in found if mapping.text)


def read_mapped(document: Any, mapping: JsonMapping) -> list[Draft]:
    """Return the conversations of a document by a mapping; none if there is nothing at its path."""
    drafts: list[Draft] = []
    for holder, entries in _found(document, mapping.path):
        held: dict[str | None, list[dict[str, Any]]] = {}
        for one in entries:
            held.setdefault(name(one.get(mapping.conversation)) if mapping.conversation else None, []).append(one)
        for own, turns in held.items():
            draft = _draft(turns, mapping)
            tell_call(draft, holder)
            draft.id = own or draft.id
            told = moment(first(holder, "started", "started_at", "startedAt", "call_start"))
            if told and not (draft.started or draft.started_local):
                draft.begin(told)
            drafts.append(draft)
    if drafts:
        drafts[0].notes.append(f"not a known tool's JSON: {mapping}")
    return drafts


def _lists(document: Any) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """Yield each list of objects with the path to it; entries of lists are ``*``."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), document)]
    visited = 0
    while waiting and visited < _MAX_VISITED:
        path, value = waiting.pop()
        visited += 1
        if isinstance(value, list):
            if entries := objs(value):
                yield path, entries
                if len(path) < _MAX_GENERIC_DEPTH:
                    waiting += [((*path, "*"), one) for one in entries[:_MAX_LOOKED_AT]]
        elif isinstance(value, dict) and len(path) < _MAX_GENERIC_DEPTH:
            waiting += [((*path, key), one) for key, one in value.items() if isinstance(one, dict | list)]


def _found(
    value: Any, path: tuple[str, ...], holder: Any = None
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield the lists at a path, each with the object that contains it."""
    if not path:
        if entries := objs(value):
            yield obj(holder), entries
    elif path[0] == "*":
        for one in objs(value):
            yield from _found(one, path[1:], one)
    elif isinstance(value, dict):
        held = value.get(path[0])
        yield from _found(held, path[1:], value if not isinstance(held, dict) else {**_flat(value), **held})


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in value.items() if not isinstance(one, dict | list)}


def _fits(path: tuple[str, ...], entries: list[dict[str, Any]]) -> JsonMapping | None:
    if len(entries) < 2:
        return None
    if found := _one_key_each(path, entries):
        return found
    counted: Counter[str] = Counter(key for one in entries for key in one)
    keys = {_folded(key): key for key in counted if counted[key] * 2 >= len(entries) or _folded(key) in _SPEAKERS}
    said = _text_key(keys, entries)
    speaker = _speaker_key(keys, entries, said)
    if not said or not speaker:
        return None
    start = next(
        (keys[one] for one in _STARTS if one in keys and keys[one] != speaker and _are_times(keys[one], entries)), None
    )
    end = next(
        (keys[one] for one in _ENDS if one in keys and keys[one] != start and _are_times(keys[one], entries)), None
    )
    if _folded(speaker) in ("type", "name", "from", "author", "user", "who") and not (
        start or _recurs(speaker, entries)
    ):
        return None
    conversation = next((keys[one] for one in _CONVERSATIONS if one in keys), None)
    return JsonMapping(path, said, speaker, start, end, _unit(entries, said, start, end), conversation)


def _one_key_each(path: tuple[str, ...], entries: list[dict[str, Any]]) -> JsonMapping | None:
    """Return the mapping of entries such as ``{"agent": "Hello."}``, whose keys are roles or recur."""
    if any(len(one) != 1 or not isinstance(next(iter(one.values())), str) for one in entries):
        return None
    counted = Counter(next(iter(one)) for one in entries)
    if len(counted) < 2 or not (
        any(side_of(key) for key in counted) or (len(entries) >= 4 and len(counted) * 2 <= len(entries))
    ):
        return None
    return JsonMapping(path, text="")


def _text_key(keys: dict[str, str], entries: list[dict[str, Any]]) -> str | None:
    """Return the known key with the longest texts, among those with texts."""

    def length(key: str) -> float:
        values = [one[key] for one in entries if isinstance(one.get(key), str)]
        return sum(map(len, values)) / len(entries) if len(values) * 2 >= len(entries) else 0.0

    lengths = {keys[one]: length(keys[one]) for one in _TEXTS if one in keys}
    return max(lengths, key=lambda one: lengths[one], default=None) if any(lengths.values()) else None


def _speaker_key(keys: dict[str, str], entries: list[dict[str, Any]], said: str | None) -> str | None:
    for one in _SPEAKERS:
        key = keys.get(one)
        if key is None or key == said:
            continue
        values = [_speaker(entry.get(key)) for entry in entries]
        known = [value for value in values if value]
        if not known or any(len(value) > _MAX_NAME for value in known):
            continue
        if one == "type" and not all(side_of(value) or _NUMBER_LIKE.fullmatch(value) for value in known):
            continue
        if one == "name" and len(entries) >= 4 and len(set(known)) * 2 > len(known):
            continue
        if one in ("channel", "type") and len(set(known)) < 2:
            continue
        return key
    return None


def _speaker(value: Any) -> str | None:
    """Return a speaker, including from an object such as ``{"name": "Ann"}``."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = first(value, "name", "display_name", "displayName", "username", "label", "role", "email", "id")
    return known_speaker(value) if isinstance(value, str | int | float) else None


def _recurs(key: str, entries: list[dict[str, Any]]) -> bool:
    known = [value for one in entries if (value := _speaker(one.get(key)))]
    return len(set(known)) < len(known) or any(side_of(value) for value in known)


def _are_times(key: str, entries: list[dict[str, Any]]) -> bool:
    values = [one[key] for one in entries if one.get(key) is not None]
    return bool(values) and all(_time(value) is not None or moment(value) is not None for value in values)


def _time(value: Any) -> float | None:
    return seconds(value) if not isinstance(value, bool) else None


def _unit(entries: list[dict[str, Any]], said: str, start: str | None, end: str | None) -> str | None:
    """Return the unit of plain numbers: by the key's name, else by their size; None for times with a unit."""
    if start is None:
        return None
    values = [one[start] for one in entries if one.get(start) is not None]
    numbers = [found for value in values if (found := number(value)) is not None]
    if len(numbers) < len(values) or not numbers or _absolute(numbers):
        return None
    if _folded(start).endswith(("ms", "millis", "milliseconds", "msec")):
        return "ms"
    if _folded(start).endswith(("sec", "secs", "seconds")):
        return "s"
    whole = all(one.is_integer() for one in numbers)
    steps = [later - earlier for earlier, later in zip(sorted(numbers), sorted(numbers)[1:], strict=False)]
    guess = "ms" if whole and steps and median(steps) > _STEP_MS else "s"
    turns = [
        DraftTurn(text(one.get(said)), None, number(one.get(start)), number(one.get(end)) if end else None)
        for one in entries
    ]
    spoken = rate(turns)
    if spoken is None:
        return guess
    fitting = [unit for unit, scale in UNITS.items() if SLOWEST <= spoken / scale <= FASTEST]
    return fitting[0] if len(fitting) == 1 else guess


def _absolute(numbers: list[float]) -> bool:
    return min(numbers) >= 1e8


def _draft(entries: list[dict[str, Any]], mapping: JsonMapping) -> Draft:
    draft = Draft([])
    held = [(one, one.get(mapping.start)) for one in entries] if mapping.start else [(one, None) for one in entries]
    moments = [None if _is_offset(value) else moment(value) for _, value in held]
    told = [one for one in moments if one]
    origin = min(told, default=None) if len({one.tzinfo is None for one in told}) < 2 else None
    if origin:
        draft.begin(origin)
    scale = UNITS.get(mapping.unit or "s", 1.0)
    for (one, value), absolute in zip(held, moments, strict=True):
        until = one.get(mapping.end) if mapping.end else None
        start = between(origin, absolute) if absolute else _scaled(value, scale)
        end = between(origin, moment(until)) if absolute else _scaled(until, scale)
        if mapping.text:
            said, speaker = text(one.get(mapping.text)), _speaker(one.get(mapping.speaker)) if mapping.speaker else None
        else:
            key, spoken = next(iter(one.items()), ("", ""))
            said, speaker = text(spoken), known_speaker(key)
        draft.turns.append(DraftTurn(said, speaker, start, end))
        if speaker and (side := _side(speaker, mapping)):
            draft.sides[speaker] = side
    return draft


def _is_offset(value: Any) -> bool:
    found = number(value)
    return value is None or (found is not None and found < 1e8) or (found is None and seconds(value) is not None)


def _scaled(value: Any, scale: float) -> float | None:
    found = number(value)
    return seconds(value) if found is None else tidy(found * scale)


def _side(speaker: str, mapping: JsonMapping) -> Side | None:
    told = mapping.sides.get(speaker)
    return Side(told) if told else side_of(speaker)


def _folded(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "").replace(" ", "")
