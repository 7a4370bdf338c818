"""Recall.ai and bots built on it: a list of what each participant says, as words with times."""

from __future__ import annotations

from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import at, first, joined, obj, objs, sample
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.times import earlier, seconds, taken_as_utc


def _recall(document: Any) -> list[Draft] | None:
    held = objs(document)
    word = obj(at(sample(held), "words", 0))
    if not {"participant", "speaker"} & sample(held).keys() or not {"text", "start_timestamp"} <= word.keys():
        return None
    draft = Draft([])
    for one in held:
        words = objs(one.get("words"))
        who = obj(one.get("participant"))
        speaker = known_speaker(first(who, "name", "email", "id") or one.get("speaker"))
        said = joined(word.get("text") for word in words)
        start, end = _offset(at(words, 0, "start_timestamp")), _offset(at(words, -1, "end_timestamp"))
        draft.turns.append(DraftTurn(said, speaker, start, end))
        if speaker and isinstance(address := who.get("email"), str) and "@" in address:
            draft.addresses.setdefault(speaker, address.lower())
        moment = taken_as_utc(at(words, 0, "start_timestamp", "absolute"))
        if moment and draft.started is None and start is not None:
            draft.started = earlier(moment, start)
    return [draft]


def _offset(value: Any) -> float | None:
    """Return seconds from the start of the recording, from a number or from ``{"relative": 1.5}``."""
    return seconds(value.get("relative") if isinstance(value, dict) else value)


RECALL = Maker("Recall.ai", _recall, of_turns=True)
