"""YouTube's own captions (json3): events with pieces of a line, and their times."""

from __future__ import annotations

from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import at, obj, objs, sample, text
from workbench.corpus.formats.times import millis, number, tidy


def _json3(document: Any) -> list[Draft] | None:
    events = objs(at(document, "events"))
    if "tStartMs" not in sample(events) or not ("segs" in sample(events) or "wireMagic" in obj(document)):
        return None
    draft = Draft([])
    for one in events:
        said = " ".join("".join(text(part.get("utf8")) for part in objs(one.get("segs"))).split())
        if not said or one.get("aAppend"):  # the line break between rolling lines
            continue
        start, length = number(one.get("tStartMs")), number(one.get("dDurationMs"))
        end = None if start is None or length is None else tidy((start + length) / 1_000)
        draft.turns.append(DraftTurn(said, None, millis(start), end))
    return [draft]


JSON3 = Maker("YouTube captions", _json3)
