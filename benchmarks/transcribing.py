"""Speech that espeak-ng speaks again, recognised: how many words come out wrong, and how long per second of it takes.

A call of two channels, a voice each, who take turns; what is said comes from the sample corpus. Synthetic speech tells
little of how a recogniser does on calls: use it to compare recognisers, and on recordings of your own.

usage: python -m benchmarks.transcribing [MODEL]     a Whisper model by name or folder; PocketSphinx without
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import workbench as wb
from workbench.transcription import FasterWhisper, PocketSphinx, Transcriber
from workbench.transcription.audio import read_audio
from workbench.transcription.transcriber import SAMPLE_RATE

CORPUS = Path(__file__).parent.parent / "sample_corpus"
VOICES = ("en-us", "en-gb+f3")
TURNS = 12
PAUSE_S = 1.5


def main() -> int:
    if shutil.which("espeak-ng") is None:
        print("espeak-ng was not found, so nothing was measured. Install it: apt-get install espeak-ng")
        return 0
    transcriber: Transcriber = FasterWhisper(sys.argv[1], language="en") if len(sys.argv) > 1 else PocketSphinx()
    said = sentences()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "call.wav"
        begins = speak(said, path)
        audio = read_audio(path)
        began = time.perf_counter()
        (made,) = wb.transcribe(path, transcriber, company_channel=0).transcribed
        took = time.perf_counter() - began
        turns = json.loads(made.read_text())["turns"]
    print(f"{transcriber.name}: {audio.duration_s:.0f} s on two channels, {took / audio.duration_s:.2f} s each second")
    for channel, voice in enumerate(VOICES):
        wanted = words(" ".join(said[channel::2]))
        heard = words(" ".join(turn["text"] for turn in turns if turn["party"] == f"Channel {channel}"))
        errors = distance(wanted, heard)
        print(f"{voice}: {errors} errors in {len(wanted)} words, {errors / len(wanted):.0%}")
    late = [abs(min((turn["start_s"] for turn in turns), key=lambda at: abs(at - begin)) - begin) for begin in begins]
    print(f"a turn begins {np.median(late):.2f} s from when it was said (median), {max(late):.2f} s at most")
    return 0


def sentences() -> list[str]:
    """Return what is said: English turns of the sample corpus, of some length and different."""
    found: dict[str, None] = {}
    for file in sorted(CORPUS.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            call = json.loads(line)
            if call.get("language", "en") == "en" and call.get("kind", "call") == "call":
                found |= {turn["text"]: None for turn in call["turns"] if 40 < len(turn["text"]) < 120}
            if len(found) > 100 * TURNS:
                return list(found)[::100][:TURNS]
    return list(found)[:TURNS]


def speak(said: Sequence[str], path: Path) -> list[float]:
    """Write a call in which two voices speak in turn; return when each turn begins, in seconds."""
    channels: tuple[list[NDArray[np.int16]], list[NDArray[np.int16]]] = ([], [])
    begins, at = [], 0.0
    for place, text in enumerate(said):
        spoken = path.with_name("turn.wav")
        subprocess.run(["espeak-ng", "-v", VOICES[place % 2], "-s", "130", "-w", str(spoken), text], check=True)
        turn = np.concatenate([read_audio(spoken).channels[0], np.zeros(round(PAUSE_S * SAMPLE_RATE), np.int16)])
        channels[place % 2].append(turn)
        channels[1 - place % 2].append(np.zeros_like(turn))
        begins.append(at)
        at += len(turn) / SAMPLE_RATE
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(np.stack([np.concatenate(one) for one in channels], axis=1).tobytes())
    return begins


def words(text: str) -> list[str]:
    """Return the words as they are compared."""
    return re.findall(r"[\w']+", text.lower())


def distance(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many words must be put in, taken out or replaced (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(wanted, start=1):
        before, row[0] = row[0], at
        for place, other in enumerate(heard, start=1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1]


if __name__ == "__main__":
    sys.exit(main())
