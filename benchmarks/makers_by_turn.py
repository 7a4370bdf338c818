"""Long calls in the JSON of makers with turns or sentences, to measure their readers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.said import SAID, SENTENCES, parts

_STARTED = 1_772_442_000  # seconds since 1970


def gong(turns: int) -> Any:
    held_parts = [
        {"start": n * 4_000 + s * 2_000, "end": n * 4_000 + s * 2_000 + 1_900, "text": text}
        for n in range(turns)
        for s, text in enumerate(SAID.split(". "))
    ]
    held = [
        {"speakerId": str(n % 2), "topic": None, "sentences": two} for n, two in enumerate(parts(held_parts, SENTENCES))
    ]
    return {"callTranscripts": [{"callId": "1", "transcript": held}]}


def whisper(turns: int) -> Any:
    held = [
        {"id": n, "seek": 0, "start": n * 4.0, "end": n * 4 + 3.9, "text": f" {SAID}", "tokens": [1] * 12}
        for n in range(turns)
    ]
    return {"segments": held, "language": "en"}


def contact_lens(turns: int) -> Any:
    held = [
        {
            "ParticipantId": ("AGENT", "CUSTOMER")[n % 2],
            "Content": SAID,
            "BeginOffsetMillis": n * 4_000,
            "EndOffsetMillis": n * 4_000 + 3_900,
            "Id": str(n),
        }
        for n in range(turns)
    ]
    return {"Version": "1.1.0", "Participants": [], "CustomerMetadata": {"ContactId": "c"}, "Transcript": held}


def azure(turns: int) -> Any:
    held = [
        {
            "recognitionStatus": "Success",
            "channel": n % 2,
            "offset": f"PT{n * 4}S",
            "duration": "PT3.9S",
            "offsetInTicks": n * 4e7,
            "durationInTicks": 3.9e7,
            "nBest": [{"confidence": 0.9, "lexical": "x", "display": SAID}],
        }
        for n in range(turns)
    ]
    return {"source": "call.wav", "combinedRecognizedPhrases": [], "recognizedPhrases": held}


def fireflies(turns: int) -> Any:
    return [
        {
            "index": n,
            "speaker_name": ("Ada", "Pavel")[n % 2],
            "speaker_id": n % 2,
            "text": SAID,
            "raw_text": SAID,
            "start_time": n * 4.0,
            "end_time": n * 4 + 3.9,
            "ai_filters": {"task": None, "question": None},
        }
        for n in range(turns)
    ]


def symbl(turns: int) -> Any:
    held = [
        {
            "id": str(n),
            "text": SAID,
            "from": {"id": str(n % 2), "name": ("Ada", "Pavel")[n % 2]},
            "timeOffset": n * 4.0,
            "startTime": f"2026-03-02T{9 + n // 900:02}:{n // 15 % 60:02}:{n * 4 % 60:02}.200Z",
            "duration": 3.9,
            "conversationId": "5139",
            "phrases": [],
            "words": [],
        }
        for n in range(turns)
    ]
    return {"messages": held}


def genesys(turns: int) -> Any:
    phrases = [
        {
            "text": SAID.casefold(),
            "decoratedText": SAID,
            "confidence": 0.9,
            "startTimeMs": _STARTED * 1_000 + n * 4_000,
            "duration": {"milliseconds": 3_900},
            "words": [],
            "participantPurpose": ("internal", "external")[n % 2],
            "phraseIndex": n,
        }
        for n in range(turns)
    ]
    held = {"transcriptId": "t", "language": "en-us", "startTime": _STARTED * 1_000, "phrases": phrases}
    return {"conversationId": "c", "mediaType": "Call", "startTime": _STARTED * 1_000, "transcripts": [held]}


def webex(turns: int) -> Any:
    held = [
        {
            "id": f"sn_{n}",
            "transcriptId": "tr",
            "text": SAID,
            "personName": ("Mira", "Tom")[n % 2],
            "durationMillisecond": 3_900,
            "offsetMillisecond": n * 4_000,
            "language": "en",
        }
        for n in range(turns)
    ]
    return {"items": held}


def salesforce(turns: int) -> Any:
    held = [
        {
            "identifier": f"e{n}",
            "clientTimestamp": (_STARTED + n * 4) * 1_000,
            "messageText": SAID,
            "sender": {"appType": ("agent", "web")[n % 2], "role": ("Agent", "EndUser")[n % 2], "subject": str(n % 2)},
        }
        for n in range(turns)
    ]
    return {"conversationEntries": held}


def intercom(turns: int) -> Any:
    held_parts = [
        {
            "type": "conversation_part",
            "id": str(n),
            "part_type": "comment",
            "body": f"<p>{SAID}</p>",
            "created_at": _STARTED + n * 4,
            "author": {"type": ("user", "admin")[n % 2], "id": str(n % 2), "name": "A"},
        }
        for n in range(turns)
    ]
    held = {"type": "conversation_part.list", "conversation_parts": held_parts}
    return {
        "type": "conversation",
        "id": "1",
        "created_at": _STARTED,
        "source": {"body": ""},
        "conversation_parts": held,
    }


def vcon(turns: int) -> Any:
    parties = [{"name": "Ada", "role": "agent"}, {"name": "Pavel", "role": "customer"}]
    held = [
        {
            "type": "text",
            "start": f"2026-03-02T{9 + n // 900:02}:{n // 15 % 60:02}:{n * 4 % 60:02}Z",
            "parties": n % 2,
            "mediatype": "text/plain",
            "body": SAID,
            "encoding": "none",
        }
        for n in range(turns)
    ]
    return {"vcon": "0.4.0", "uuid": "u", "created_at": "2026-03-02T09:00:00Z", "parties": parties, "dialog": held}


def convokit(turns: int) -> str:
    return _lines(
        {
            "id": f"u{n}",
            "conversation_id": "u0",
            "text": SAID,
            "speaker": ("ada", "pavel")[n % 2],
            "meta": {},
            "reply-to": f"u{n - 1}" if n else None,
            "timestamp": _STARTED + n * 4,
        }
        for n in range(turns)
    )


def unknown(turns: int) -> Any:
    lines = [{"who": ("agent", "caller")[n % 2], "text": SAID, "at": n * 4_000} for n in range(turns)]
    return {"call": {"lines": lines}}


BY_TURN: tuple[Callable[[int], Any], ...] = (
    gong,
    whisper,
    contact_lens,
    azure,
    fireflies,
    symbl,
    genesys,
    webex,
    salesforce,
    intercom,
    vcon,
    convokit,
    unknown,
)
"""Each returns a call with this many turns: JSON, or the text of a JSON Lines file."""


def _lines(items: Iterator[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(one)}\n" for one in items)
