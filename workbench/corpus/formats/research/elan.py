"""ELAN's annotations (.eaf): tiers without a parent are speech, the others annotate them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.research.silence import is_silence
from workbench.corpus.formats.roles import known_speaker, sides_of
from workbench.corpus.formats.times import millis


class Elan:
    """Read ELAN files."""

    name = "ELAN"

    def recognises(self, file: Opened) -> bool:
        """Return whether the root element is one of ELAN's."""
        return b"<ANNOTATION_DOCUMENT" in file.head[:4_000]

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the file, or the reason why it has none."""
        try:
            root = parse(io.BytesIO(file.data), forbid_dtd=True).getroot()
        except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
            raise UnreadableFile(f"is damaged XML ({str(error)[:100]}); save it again in ELAN") from None
        draft = Draft([])
        slots = {one.get("TIME_SLOT_ID"): millis(one.get("TIME_VALUE")) for one in root.iter("TIME_SLOT")}
        for tier in root.iter("TIER"):
            _add_tier(draft, tier, slots)
        draft.sides = sides_of(turn.speaker for turn in draft.turns)
        reason = "has no annotations with text on a tier of its own; export the file with its transcript"
        yield draft if draft.turns else FormatProblem(None, reason)


def _add_tier(draft: Draft, tier: Element, slots: dict[str | None, float | None]) -> None:
    if tier.get("PARENT_REF"):
        draft.left_out["annotation on another tier"] += sum(1 for _ in tier.iter("ANNOTATION_VALUE"))
        return
    speaker = known_speaker((tier.get("PARTICIPANT") or tier.get("TIER_ID") or "").strip())
    for one in tier.iter("ALIGNABLE_ANNOTATION"):
        text = " ".join((one.findtext("ANNOTATION_VALUE") or "").split())
        if is_silence(text):
            draft.left_out["silence"] += 1
            continue
        start_s, end_s = slots.get(one.get("TIME_SLOT_REF1")), slots.get(one.get("TIME_SLOT_REF2"))
        draft.turns.append(DraftTurn(text, speaker, start_s, end_s))
