"""AssemblyAI: its words and utterances are in milliseconds, its duration in seconds."""

from __future__ import annotations

from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.speakers import SpokenChannels
from workbench.corpus.formats.makers.values import name, objs, text
from workbench.corpus.formats.opened import UnreadableFile
from workbench.corpus.formats.runs import TimedWord, runs
from workbench.corpus.formats.times import millis, number


def _read(document: Any) -> list[Draft] | None:
    if not isinstance(document, dict) or not {"audio_url", "audio_duration"} & document.keys():
        return None
    if not {"words", "utterances", "error"} & document.keys():
        return None
    if document.get("status") == "error" or (document.get("error") and not document.get("text")):
        raise UnreadableFile(
            f"is from a failed transcription: {text(document.get('error'))[:200]}; transcribe it again"
        )
    draft = Draft([], id=name(document.get("id")), language=name(document.get("language_code")))
    draft.duration_s = number(document.get("audio_duration"))
    utterances, words = objs(document.get("utterances")), objs(document.get("words"))
    channels = SpokenChannels(one.get("channel") for one in utterances or words)
    if utterances:
        draft.turns = [
            DraftTurn(text(one.get("text")), _speaker(one, channels), millis(one.get("start")), millis(one.get("end")))
            for one in utterances
        ]
    else:
        draft.turns = runs(
            TimedWord(text(one.get("text")), _speaker(one, channels), millis(one.get("start")), millis(one.get("end")))
            for one in words
        )
    if not draft.turns:
        draft.turns = [DraftTurn(text(document.get("text")))]
    return [draft]


def _speaker(one: dict[str, Any], channels: SpokenChannels) -> str | None:
    """Return the label; in multichannel files it includes the channel, such as "1A"."""
    speaker, channel = one.get("speaker"), text(one.get("channel"))
    if channel and isinstance(speaker, str) and speaker.startswith(channel):
        return speaker
    return channels.name(channel or None, speaker)


MAKERS = (Maker("AssemblyAI", _read),)
