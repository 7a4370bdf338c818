"""How fast JSON of each maker is read: sentences a second of processor time on one core, beside ``json.loads`` alone.

``python -m benchmarks.formats [TURNS]`` writes a call of 5,000 turns in each form, two sentences a turn. The bound is
20,000 sentences a second for the slowest of them.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.corpus.formats import FoundConversation, format_of

TURNS = 5_000
SENTENCES = 2  # of a turn
FEWEST = 20_000  # sentences a second
REPEATS = 3
SAID = "Thanks for making time today. How many bikes do you run in winter?"
WORDS = SAID.split()


def gong(turns: int) -> Any:
    parts = [{"start": n * 4_000 + s * 2_000, "end": n * 4_000 + s * 2_000 + 1_900, "text": text}
             for n in range(turns) for s, text in enumerate(SAID.split(". "))]  # fmt: skip
    held = [{"speakerId": str(n % 2), "topic": None, "sentences": parts[2 * n : 2 * n + 2]} for n in range(turns)]
    return {"callTranscripts": [{"callId": "1", "transcript": held}]}


def whisper(turns: int) -> Any:
    held = [
        {"id": n, "seek": 0, "start": n * 4.0, "end": n * 4 + 3.9, "text": f" {SAID}", "tokens": [1] * 12}
        for n in range(turns)
    ]
    return {"segments": held, "language": "en"}


def deepgram(turns: int) -> Any:
    words = [{"word": word, "punctuated_word": word, "start": n * 4 + at * 0.3, "end": n * 4 + at * 0.3 + 0.2,
              "confidence": 0.9, "speaker": n % 2} for n in range(turns) for at, word in enumerate(WORDS)]  # fmt: skip
    return {"metadata": {"request_id": "1"}, "results": {"channels": [{"alternatives": [{"words": words}]}]}}


def amazon(turns: int) -> Any:
    starts = [(n, n * 4 + at * 0.3, word) for n in range(turns) for at, word in enumerate(WORDS)]
    items = [{"type": "pronunciation", "start_time": f"{start:.2f}", "end_time": f"{start + 0.2:.2f}",
              "alternatives": [{"confidence": "0.9", "content": word}], "speaker_label": f"spk_{n % 2}"}
             for n, start, word in starts]  # fmt: skip
    return {"jobName": "j", "results": {"transcripts": [{"transcript": ""}], "items": items}}


def contact_lens(turns: int) -> Any:
    held = [{"ParticipantId": ("AGENT", "CUSTOMER")[n % 2], "Content": SAID, "BeginOffsetMillis": n * 4_000,
             "EndOffsetMillis": n * 4_000 + 3_900, "Id": str(n)} for n in range(turns)]  # fmt: skip
    return {"Version": "1.1.0", "Participants": [], "CustomerMetadata": {"ContactId": "c"}, "Transcript": held}


def unknown(turns: int) -> Any:
    return {
        "call": {"lines": [{"who": ("agent", "caller")[n % 2], "text": SAID, "at": n * 4_000} for n in range(turns)]}
    }


MAKERS: tuple[Callable[[int], Any], ...] = (gong, whisper, deepgram, amazon, contact_lens, unknown)


def fastest(work: Callable[[], object]) -> float:
    """Return the least processor time of a few runs, in seconds."""
    times = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def read(path: Path) -> int:
    """Read a file, and return how many turns it has."""
    reader = format_of(path)
    found = list(reader.read(path)) if reader else []
    return sum(len(one.conversation.turns) for one in found if isinstance(one, FoundConversation))


def main(turns: int = TURNS) -> int:
    """Measure each maker; return the exit code."""
    slowest = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        for maker in MAKERS:
            path = Path(folder, f"{maker.__name__}.json")
            text = json.dumps(maker(turns))
            path.write_text(text)
            assert read(path) == turns, maker.__name__
            parse_s, read_s = fastest(lambda text=text: json.loads(text)), fastest(lambda path=path: read(path))
            pace = turns * SENTENCES / read_s
            slowest = min(slowest, pace)
            print(f"{maker.__name__:<13} {len(text) / 1e6:6.1f} MB {pace:>10,.0f} sentences/s, "
                  f"{read_s / parse_s:4.1f} times json.loads alone")  # fmt: skip
    print(f"slowest: {slowest:,.0f} sentences a second; the bound is {FEWEST:,}")
    return 0 if slowest >= FEWEST else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
