"""Long calls in the JSON of makers with every word, to measure their readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.said import SAID, TURN_S, WORD_S, WORDS, parts
from benchmarks.said import words as words_of


def deepgram(turns: int) -> Any:
    words = [
        {"word": word, "punctuated_word": word, "start": start, "end": start + 0.2, "confidence": 0.9, "speaker": n % 2}
        for n, start, word in words_of(turns)
    ]
    return {"metadata": {"request_id": "1"}, "results": {"channels": [{"alternatives": [{"words": words}]}]}}


def deepgram_utterances(turns: int) -> Any:
    document = deepgram(turns)
    words = document["results"]["channels"][0]["alternatives"][0]["words"]
    document["results"]["utterances"] = [
        {
            "start": n * 4.0,
            "end": n * 4 + 3.9,
            "confidence": 0.9,
            "channel": 0,
            "transcript": SAID,
            "words": own,
            "speaker": n % 2,
            "id": str(n),
        }
        for n, own in enumerate(parts(words, len(WORDS)))
    ]
    return document


def assemblyai(turns: int) -> Any:
    words = [
        {
            "text": word,
            "start": round(start * 1e3),
            "end": round(start * 1e3) + 200,
            "confidence": 0.9,
            "speaker": "AB"[n % 2],
        }
        for n, start, word in words_of(turns)
    ]
    held = [
        {"speaker": "AB"[n % 2], "text": SAID, "start": n * 4_000, "end": n * 4_000 + 3_900, "words": own}
        for n, own in enumerate(parts(words, len(WORDS)))
    ]
    return {
        "id": "t",
        "language_code": "en",
        "status": "completed",
        "audio_duration": turns * 4,
        "words": words,
        "utterances": held,
    }


def amazon(turns: int) -> Any:
    items = [_amazon_word(start, word) | {"speaker_label": f"spk_{n % 2}"} for n, start, word in words_of(turns)]
    return {"jobName": "j", "results": {"transcripts": [{"transcript": ""}], "items": items}}


def amazon_channels(turns: int) -> Any:
    channels = [
        {
            "channel_label": f"ch_{side}",
            "items": [_amazon_word(at, word) for n, at, word in words_of(turns) if n % 2 == side],
        }
        for side in (0, 1)
    ]
    return {
        "jobName": "j",
        "results": {"transcripts": [{"transcript": ""}], "channel_labels": {"channels": channels}, "items": []},
    }


def google_v1(turns: int) -> Any:
    words = [
        {"startTime": f"{start:.3f}s", "endTime": f"{start + 0.2:.3f}s", "word": word, "speakerTag": n % 2 + 1}
        for n, start, word in words_of(turns)
    ]
    return {
        "results": [{"alternatives": [{"transcript": "", "confidence": 0.9, "words": words}], "languageCode": "en"}]
    }


def google_v2(turns: int) -> Any:
    words = [
        {"startOffset": f"{start:.3f}s", "endOffset": f"{start + 0.2:.3f}s", "word": word, "speakerLabel": str(n % 2)}
        for n, start, word in words_of(turns)
    ]
    found = [
        {
            "alternatives": [{"transcript": SAID, "words": own}],
            "resultEndOffset": own[-1]["endOffset"],
            "languageCode": "en",
        }
        for own in parts(words, len(WORDS))
    ]
    return {"results": {"gs://bucket/call.wav": {"transcript": {"results": found}}}}


def speechmatics(turns: int) -> Any:
    found = [
        {
            "type": "word",
            "start_time": start,
            "end_time": start + 0.2,
            "alternatives": [{"content": word, "confidence": 0.9, "language": "en", "speaker": f"S{n % 2}"}],
        }
        for n, start, word in words_of(turns)
    ]
    return {"format": "2.9", "job": {"id": "1"}, "metadata": {"type": "transcription"}, "results": found}


def soniox(turns: int) -> Any:
    tokens = [
        {
            "text": f" {word}",
            "start_ms": round(start * 1e3),
            "end_ms": round(start * 1e3) + 200,
            "confidence": 0.9,
            "speaker": str(n % 2),
            "language": "en",
        }
        for n, start, word in words_of(turns)
    ]
    return {"id": "s-1", "text": "", "tokens": tokens}


def elevenlabs(turns: int) -> Any:
    words = [
        {
            "text": text,
            "start": start,
            "end": start + 0.2,
            "type": kind,
            "speaker_id": f"speaker_{n % 2}",
            "logprob": -0.1,
        }
        for n, start, word in words_of(turns)
        for text, kind in ((word, "word"), (" ", "spacing"))
    ]
    return {"language_code": "eng", "text": "", "words": words}


def revai(turns: int) -> Any:
    def elements(n: int) -> Iterator[dict[str, Any]]:
        for at, word in enumerate(WORDS):
            start = n * TURN_S + at * WORD_S
            yield {"type": "text", "value": word.rstrip(".?"), "ts": start, "end_ts": start + 0.2, "confidence": 0.9}
            if word[-1] in ".?":
                yield {"type": "punct", "value": word[-1]}
            yield {"type": "punct", "value": " "}

    return {"monologues": [{"speaker": n % 2, "elements": list(elements(n))} for n in range(turns)]}


def nice(turns: int) -> Any:
    words = [
        {
            "p": at,
            "c": 0.9,
            "s": round(start * 1e3),
            "e": round(start * 1e3) + 200,
            "w": word,
            "sp": ("Agent", "Customer")[n % 2],
        }
        for at, (n, start, word) in enumerate(words_of(turns))
    ]
    return {"mediaId": "N", "channels": 2, "length": turns * 4_000, "transcript_detailed": words}


BY_WORD: tuple[Callable[[int], Any], ...] = (
    deepgram,
    deepgram_utterances,
    assemblyai,
    amazon,
    amazon_channels,
    google_v1,
    google_v2,
    speechmatics,
    soniox,
    elevenlabs,
    revai,
    nice,
)
"""Each returns a call with this many turns."""


def _amazon_word(start: float, word: str) -> dict[str, Any]:
    said = [{"confidence": "0.9", "content": word}]
    return {
        "type": "pronunciation",
        "start_time": f"{start:.2f}",
        "end_time": f"{start + 0.2:.2f}",
        "alternatives": said,
    }
