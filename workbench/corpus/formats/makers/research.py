"""ConvoKit corpora, NeMo manifests and podcast transcripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import among, at, first, name, objs, sample, text
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.times import between, number, since_1970, tidy

_PAUSE_S = 1.0
_MIN_SINCE_1970 = 1e8
_NO_TEXT = ("", "-")


def _convokit(document: Any) -> list[Draft] | None:
    keys = _keys(document)
    named = {"conversation_id", "root"} & keys and {"speaker", "user"} & keys and "text" in keys
    if not named or not {"reply-to", "reply_to", "meta", "timestamp"} & keys or "turns" in keys:
        return None
    return convokit_drafts(objs(document), {})


def convokit_drafts(utterances: Iterable[dict[str, Any]], speakers: dict[str, Any]) -> list[Draft]:
    """Return the conversations of utterances in any order; ``speakers`` is their speakers.json."""
    held: dict[str, list[dict[str, Any]]] = {}
    for one in utterances:
        own = name(first(one, "conversation_id", "root")) or name(one.get("id")) or ""
        held.setdefault(own, []).append(one)
    return [_convokit_draft(own, said, speakers) for own, said in held.items()]


def _convokit_draft(own: str, utterances: list[dict[str, Any]], speakers: dict[str, Any]) -> Draft:
    draft = Draft([], id=own or None)
    times = [number(one.get("timestamp")) for one in utterances]
    known = [time for time in times if time is not None]
    if len(known) < len(times):
        utterances = _by_replies(utterances)
        times = [number(one.get("timestamp")) for one in utterances]
    least = min(known, default=None)
    absolute = least is not None and least >= _MIN_SINCE_1970
    draft.started = since_1970(least) if absolute else None
    for one, time in zip(utterances, times, strict=True):
        who = first(one, "speaker", "user")
        own_name = known_speaker(first(who, "id", "name") if isinstance(who, dict) else who)
        called = known_speaker(at(speakers, own_name or "", "meta", "name")) if own_name else None
        start: float | None = time
        if absolute:
            start = between(draft.started, since_1970(time))
        elif time is not None and least is not None:
            start = tidy(time - least)
        draft.turns.append(DraftTurn(text(one.get("text")), called or own_name, start))
    return draft


def _by_replies(utterances: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the utterances so that each follows the one it answers; otherwise in the file's order."""
    place = {name(one.get("id")): at_ for at_, one in enumerate(utterances)}
    answers: dict[int, list[int]] = {}
    roots = []
    for at_, one in enumerate(utterances):
        found = place.get(name(first(one, "reply-to", "reply_to")))
        if found is None or found == at_:
            roots.append(at_)
        else:
            answers.setdefault(found, []).append(at_)
    out: list[dict[str, Any]] = []
    seen: set[int] = set()
    waiting = roots[::-1]
    while waiting:
        at_ = waiting.pop()
        if at_ not in seen:
            seen.add(at_)
            out.append(utterances[at_])
            waiting += answers.get(at_, [])[::-1]
    return out + [one for at_, one in enumerate(utterances) if at_ not in seen]  # those in a circle


def _manifest(document: Any) -> list[Draft] | None:
    """Read lines of segments; those of one recording are one conversation."""
    if "audio_filepath" not in _keys(document):
        return None
    held: dict[str, Draft] = {}
    left: Counter[str] = Counter()
    for one in objs(document):
        path = text(first(one, "audio_filepath")).replace("\\", "/")
        said = text(one.get("text")).strip()
        if said in _NO_TEXT:
            left["placeholder"] += 1
            continue
        draft = held.setdefault(path, Draft([], id=PurePosixPath(path).stem or None))
        start, length = number(one.get("offset")) or 0.0, number(one.get("duration"))
        end = None if length is None else tidy(start + length)
        speaker = known_speaker(first(one, "speaker", "label"))
        draft.turns.append(DraftTurn(said, speaker, start, end))
        draft.language = draft.language or name(one.get("lang"))
    drafts = list(held.values()) or [Draft([])]
    drafts[0].left_out += left
    return drafts


def _podcast(document: Any) -> list[Draft] | None:
    segments = objs(at(document, "segments"))
    if not among(sample(segments), "startTime", "body"):
        return None
    draft = Draft([])
    speaker: str | None = None
    for one in segments:
        own = known_speaker(one.get("speaker"))
        start, end = number(one.get("startTime")), number(one.get("endTime"))
        said = text(one.get("body")).strip()
        last = draft.turns[-1] if draft.turns else None
        if last and said and _goes_on(last, own, said, start, speaker):
            last.text, last.end_s = f"{last.text} {said}", end if end is not None else last.end_s
            continue
        speaker = own or speaker
        if said:
            draft.turns.append(DraftTurn(said, speaker, start, end))
    return [draft]


def _goes_on(last: DraftTurn, own: str | None, said: str, start: float | None, speaker: str | None) -> bool:
    """Return whether a segment continues the turn: it has no speaker although others do, or is a single word."""
    if own is not None and own != last.speaker:
        return False
    if start is not None and last.end_s is not None and start - last.end_s > _PAUSE_S:
        return False
    return (own is None and speaker is not None) or " " not in said


def _keys(document: Any) -> set[str]:
    return {key for one in objs(document)[:20] for key in one}


PODCAST = Maker("podcast transcript", _podcast)
CONVOKIT = Maker("ConvoKit utterances", _convokit, of_turns=True)
MANIFEST = Maker("NeMo manifest", _manifest, of_turns=True)
