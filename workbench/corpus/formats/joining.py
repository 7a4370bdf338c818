"""Files of a folder that belong together: pages of one transcript, and transcripts with the details of their calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.makers import contact_centres, gong, google
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.research.ctm import ctm_drafts

MAX_JOINED = 300_000_000
"""The most bytes of files that are read together; in a folder with more, each file is read alone."""

Open = Callable[[], Opened]
Drafts = Callable[[], list[Draft]]


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """What is read in a file's place.

    Attributes:
        maker: the tool that wrote the files.
        drafts: returns the conversations; None if the file is read together with another one.
        told: what the file is, if ``drafts`` is None.
    """

    maker: str
    drafts: Drafts | None
    told: str = ""


@dataclass(frozen=True, slots=True)
class _Pages:
    """Documents that are read together: pages, and the documents that they name."""

    maker: str
    marks: tuple[bytes, ...]
    is_page: Callable[[Any], bool]
    drafts_of: Callable[[list[Any]], list[Draft]]


_PAGES = (
    _Pages(
        "Google Meet entries",
        (b'"transcriptEntries"', b'"signedinUser"', b'"anonymousUser"', b'"phoneUser"'),
        google.is_meet,
        google.meet_drafts,
    ),
    _Pages(
        "Twilio Conversational Intelligence",
        (b'"media_channel"', b'"mediaChannel"', b'"channel_participant"'),
        contact_centres.is_twilio,
        contact_centres.twilio_drafts,
    ),
    _Pages("Genesys Cloud", (b'"participantPurpose"',), contact_centres.is_genesys, contact_centres.genesys_drafts),
)
_WORDS, _SPEAKERS = ".ctm", ".rttm"
_CONVOKIT = "utterances.jsonl"
_CONVOKIT_DATA = ("speakers.json", "users.json", "conversations.json", "corpus.json", "index.json")


def joined(files: Sequence[tuple[str, Open]]) -> dict[int, JoinedFile]:
    """Return what is read in place of files of one folder that belong together, by their index in the list.

    Args:
        files: their names, and functions that open them.
    """
    heads = {place: head for place, (name, file) in enumerate(files) if _is_json(name) and (head := _head(file))}
    out = _gong(files, heads)
    for family in _PAGES:
        places = [place for place, head in heads.items() if any(mark in head for mark in family.marks)]
        if len(places) > 1 and (pages := _pages(files, places, family)):
            leader, *others = pages
            out[leader] = JoinedFile(family.maker, _together(files, pages, family))
            told = f"read together with {files[leader][0]}"
            out |= {place: JoinedFile(family.maker, None, told) for place in others}
    out |= _speakers_of_words(files)
    words = {name[: -len(_WORDS)] for name, _ in files if name.endswith(_WORDS)}
    for place, (name, _) in enumerate(files):
        if name.endswith(_SPEAKERS) and name[: -len(_SPEAKERS)] in words:
            out[place] = JoinedFile("RTTM", None, "speakers of the CTM file of the same name")
    if any(name == _CONVOKIT for name, _ in files):
        data = [place for place, (name, _) in enumerate(files) if name in _CONVOKIT_DATA]
        out |= {place: JoinedFile("ConvoKit", None, f"data on {_CONVOKIT}") for place in data}
    return out


def _speakers_of_words(files: Sequence[tuple[str, Open]]) -> dict[int, JoinedFile]:
    """Join each CTM file, which has words, with the RTTM file of the same name, which has their speakers."""
    words = {name[:-4]: place for place, (name, _) in enumerate(files) if name.lower().endswith(".ctm")}
    out = {}
    for place, (name, file) in enumerate(files):
        if name.lower().endswith(".rttm") and (at := words.get(name[:-5])) is not None:
            out[at] = JoinedFile("CTM", _ctm_with(files[at][1], file))
            out[place] = JoinedFile("RTTM", None, f"read together with {files[at][0]}")
    return out


def _ctm_with(words: Open, speakers: Open) -> Drafts:
    return lambda: [one for one in ctm_drafts(words(), speakers()) if isinstance(one, Draft)]


def _gong(files: Sequence[tuple[str, Open]], heads: dict[int, bytes]) -> dict[int, JoinedFile]:
    """Join each file of transcripts with the calls of all others: one file at a time, as there may be thousands."""
    transcripts = [place for place, head in heads.items() if b'"callTranscripts"' in head]
    details = [place for place, head in heads.items() if b'"metaData"' in head and place not in transcripts]
    if not transcripts or not details:
        return {}

    @cache
    def known() -> list[Any]:
        return [gong.details_of(document) for place in details if (document := _document(files[place][1])) is not None]

    def reads(place: int) -> Drafts:
        return lambda: gong.drafts_of([files[place][1]().json, *known()])

    companions = [place for place in details if not gong.has_transcripts(_document(files[place][1]))]
    out = {place: JoinedFile("Gong", reads(place)) for place in transcripts}
    return out | {place: JoinedFile("Gong", None, "details of calls, joined by their ids") for place in companions}


def _pages(files: Sequence[tuple[str, Open]], places: list[int], family: _Pages) -> list[int]:
    """Return those that are such pages; none if they are too large to keep in memory together."""
    found, size = [], 0
    for place in places:
        file = files[place][1]()
        try:
            size += len(file.data)
            if family.is_page(file.json):
                found.append(place)
        except (OSError, UnreadableFile):
            continue
        if size > MAX_JOINED:
            return []
    return found if len(found) > 1 else []


def _together(files: Sequence[tuple[str, Open]], places: list[int], family: _Pages) -> Drafts:
    return lambda: family.drafts_of([files[place][1]().json for place in places])


def _is_json(name: str) -> bool:
    return name.lower().endswith((".json", ".json.gz"))


def _head(file: Open) -> bytes:
    try:
        return file().head
    except (OSError, UnreadableFile):
        return b""


def _document(file: Open) -> Any:
    try:
        return file().json
    except (OSError, UnreadableFile):
        return None
