"""Deepgram: for each channel its utterances, else paragraphs, else words."""

from __future__ import annotations

from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.speakers import SpokenChannels
from workbench.corpus.formats.makers.values import among, at, first, joined, name, obj, objs, sample, text
from workbench.corpus.formats.runs import TimedWord, runs
from workbench.corpus.formats.times import number


def _read(document: Any) -> list[Draft] | None:
    results = obj(at(document, "results"))
    if not isinstance(results.get("channels"), list):
        return None
    held = objs(results["channels"])
    draft = Draft(
        [], id=name(at(document, "metadata", "request_id")), duration_s=number(at(document, "metadata", "duration"))
    )
    languages = [name(one.get("detected_language")) or name(at(one, "alternatives", 0, "languages", 0)) for one in held]
    draft.language = next(filter(None, languages), None)
    utterances = objs(results.get("utterances"))
    if utterances:
        channels = SpokenChannels([*(one.get("channel") for one in utterances), *range(len(held))])
        draft.turns = [
            DraftTurn(
                text(one.get("transcript")),
                channels.name(one.get("channel", 0), one.get("speaker")),
                number(one.get("start")),
                number(one.get("end")),
            )
            for one in utterances
        ]
        return [draft]
    draft.turns = _of_alternatives([obj(at(one, "alternatives", 0)) for one in held])
    return [draft]


def _alternative(document: Any) -> list[Draft] | None:
    """Read a single alternative, as stored in vCons."""
    found = obj(document)
    words = sample(found.get("words"))
    if "transcript" not in found or not (
        isinstance(found.get("paragraphs"), dict) or among(words, "word", "start", "end")
    ):
        return None
    return [Draft(_of_alternatives([found]))]


def _of_alternatives(alternatives: list[dict[str, Any]]) -> list[DraftTurn]:
    channels = SpokenChannels(range(len(alternatives)))
    paragraphs = [objs(at(one, "paragraphs", "paragraphs")) for one in alternatives]
    if any(paragraphs):
        return [
            _paragraph(one, channels.name(channel, one.get("speaker")))
            for channel, held in enumerate(paragraphs)
            for one in held
        ]
    words = [
        _word(one, channels.name(channel, one.get("speaker")))
        for channel, alternative in enumerate(alternatives)
        for one in objs(alternative.get("words"))
    ]
    if not words:
        return [DraftTurn(text(one.get("transcript")), channels.name(at, None)) for at, one in enumerate(alternatives)]
    if len(alternatives) > 1:
        words.sort(key=lambda word: word.start_s or 0.0)
    return runs(words)


def _paragraph(paragraph: dict[str, Any], speaker: str | None) -> DraftTurn:
    said = joined(one.get("text") for one in objs(paragraph.get("sentences")))
    return DraftTurn(said, speaker, number(paragraph.get("start")), number(paragraph.get("end")))


def _word(word: dict[str, Any], speaker: str | None) -> TimedWord:
    shown = text(first(word, "punctuated_word", "word"))
    return TimedWord(shown, speaker, number(word.get("start")), number(word.get("end")))


MAKERS = (Maker("Deepgram", _read),)
ALTERNATIVE = Maker("Deepgram alternative", _alternative)
