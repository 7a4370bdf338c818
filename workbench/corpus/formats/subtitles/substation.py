"""SubStation Alpha (.ass, .ssa): a table of events with a header line, with the speaker in one column."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.subtitles.cues import SubtitleCue, turns_of
from workbench.corpus.formats.subtitles.rolling import without_repeats
from workbench.corpus.formats.times import clock

_COLUMNS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")


class SubStation:
    """Read SubStation Alpha files; comments and drawings are left out."""

    name = "SubStation Alpha"

    def recognises(self, file: Opened) -> bool:
        """Return whether the first section is a script's."""
        return file.head.lstrip(b"\xef\xbb\xbf\r\n \t").lower().startswith(b"[script info]")

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the file, or the reason why it has none."""
        draft = Draft([])
        cues: list[SubtitleCue] = []
        columns: tuple[str, ...] = _COLUMNS
        for number, line in enumerate(file.lines, 1):
            kind, _, value = line.partition(":")
            kind = kind.strip().lower()
            if kind == "format" and "text" in value.lower():
                columns = tuple(one.strip().lower() for one in value.split(","))
            elif kind == "comment":
                draft.left_out["comment"] += 1
            elif kind == "dialogue":
                cues.append(_cue(number, columns, value))
        draft.turns = turns_of(without_repeats(cues, draft.left_out), draft.left_out)
        yield draft if draft.turns else FormatProblem(None, "has no lines of dialogue; export the subtitles again")


def _cue(number: int, columns: tuple[str, ...], value: str) -> SubtitleCue:
    cells = dict(zip(columns, value.split(",", len(columns) - 1), strict=False))
    text = cells.get("text", "").replace("\\n", "\\N").replace("\\h", " ")
    start_s, end_s = (clock(cells.get(one, "").strip()) for one in ("start", "end"))
    speaker = (cells.get("name") or cells.get("actor") or "").strip() or None
    return SubtitleCue(number, text.split("\\N") if "\\p1" not in text else [], "", start_s, end_s, speaker)
