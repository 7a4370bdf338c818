"""Rolling captions, as YouTube makes them: each line is shown two or three times, but said once."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from workbench.corpus.formats.subtitles.cues import SubtitleCue, plain_text

_WORD_TIME = re.compile(r"<\d+:\d\d[\d:.]*>")
_FLASH_S = 0.0205  # a cue that only shows the lines while they roll is 10 ms long
_MIN_REPEATS = 3
_LEAST_SHARE = 0.4


def without_repeats(cues: list[SubtitleCue], left_out: Counter[str]) -> list[SubtitleCue]:
    """Return the cues without lines repeated from the cue before; unchanged if the file doesn't roll."""
    listed = [[plain for one in cue.lines if (plain := plain_text(one))] for cue in cues]
    if not _rolls(cues, listed):
        return cues
    out: list[SubtitleCue] = []
    before: list[str] = []
    for cue, texts in zip(cues, listed, strict=True):
        fresh = texts[_overlap(before, texts) :]
        left_out["repeated caption line"] += len(texts) - len(fresh)
        if fresh:
            out.append(SubtitleCue(cue.line, fresh, cue.id, cue.start_s, cue.end_s, cue.speaker))
        if texts:
            before = texts
    return out


def _rolls(cues: list[SubtitleCue], listed: list[list[str]]) -> bool:
    repeats = sum(1 for one, other in pairwise(listed) if _overlap(one, other))
    timed = any(_WORD_TIME.search(line) for cue in cues[:200] for line in cue.lines)
    flashes = sum(1 for cue in cues if _is_flash(cue))
    if timed or flashes > len(cues) / 4:
        return repeats > 0
    fuller = sum(1 for one, other in pairwise(listed) if _overlap(one, other) < len(other))
    return repeats >= _MIN_REPEATS and repeats >= _LEAST_SHARE * len(cues) and fuller > 0


def _is_flash(cue: SubtitleCue) -> bool:
    return cue.start_s is not None and cue.end_s is not None and 0 <= cue.end_s - cue.start_s <= _FLASH_S


def _overlap(before: list[str], texts: list[str]) -> int:
    """Return how many of the first lines are the last lines of the cue before."""
    most = min(len(before), len(texts))
    return next((size for size in range(most, 0, -1) if before[-size:] == texts[:size]), 0)
