"""Short synthetic recordings: a pulsed tone for each turn, its pitch telling who speaks."""

from __future__ import annotations

import math
import wave
from pathlib import Path

RATE = 8000  # samples a second; 8-bit mono keeps a 45 s file under 360 kB
PITCHES = (220.0, 330.0, 277.0, 415.0)


def write_recording(path: Path, turns: list[dict], duration_s: float) -> None:
    """Write one WAV file: silence between turns, four pulses a second within them."""
    parties = list(dict.fromkeys(turn["party"] for turn in turns))
    samples = bytearray([128]) * int(duration_s * RATE)
    for turn in turns:
        pitch = PITCHES[parties.index(turn["party"]) % len(PITCHES)]
        first, last = int(turn["start_s"] * RATE), int(turn["end_s"] * RATE)
        for i in range(first, min(last, len(samples))):
            loud = 40 if (i - first) % (RATE // 4) < RATE // 6 else 8
            samples[i] = 128 + round(loud * math.sin(2 * math.pi * pitch * (i - first) / RATE))
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(bytes(samples))
