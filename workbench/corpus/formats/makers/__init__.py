"""JSON documents by their maker: sets of keys identify the tool, tried in an unambiguous order."""

from __future__ import annotations

from typing import Any, NamedTuple

from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.garbage import garbage_left
from workbench.corpus.formats.makers import (
    agents,
    amazon,
    assemblyai,
    azure,
    captions,
    contact_centres,
    deepgram,
    gong,
    google,
    help_desks,
    meeting_bots,
    meetings,
    messengers,
    research,
    speech_services,
    speechmatics,
    telephony,
    vcon,
    whisper,
)
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import objs


def _read_vcon(document: Any) -> list[Draft] | None:
    return vcon.read_vcon(document, _inner)


def _inner(document: Any) -> list[Draft] | None:
    """Read a transcript within a vCon, which may be only a part of what its maker writes."""
    from workbench.corpus.formats.makers.generic import read_unknown

    if found := read_document(document):
        return found.drafts
    return deepgram.ALTERNATIVE.read(document) or read_unknown(document)


DOCUMENTS: tuple[Maker, ...] = (
    Maker("vCon", _read_vcon),
    *gong.MAKERS,
    *amazon.MAKERS,
    *azure.MAKERS[:3],
    *deepgram.MAKERS,
    speech_services.REV,
    speech_services.GECKO,
    *speechmatics.MAKERS,
    speech_services.GLADIA,
    speech_services.SONIOX,
    speech_services.ELEVEN,
    speech_services.WATSON,
    google.SPEECH,
    whisper.CPP,
    captions.JSON3,
    research.PODCAST,
    whisper.SEGMENTS,
    assemblyai.MAKERS[0],
    meetings.FIREFLIES,
    meetings.CHORUS,
    contact_centres.TWILIO,
    contact_centres.GENESYS,
    telephony.HUBSPOT,
    telephony.DIALPAD,
    telephony.AIRCALL,
    telephony.RINGCENTRAL,
    telephony.RINGCENTRAL_SPEECH,
    meetings.AVOMA,
    meetings.FATHOM,
    meetings.READ_AI,
    google.MEET,
    meetings.WEBEX,
    meetings.OTTER,
    agents.POLY,
    help_desks.INTERCOM,
    help_desks.ZENDESK,
    help_desks.ZENDESK_TICKET,
    help_desks.SALESFORCE,
    help_desks.TEAMS_RESOURCE,
    meetings.SYMBL,
    agents.VAPI,
    agents.ELEVEN_AGENT,
    agents.RETELL,
    agents.RASA,
    agents.CHAT,
    agents.SHARE,
    agents.TASKMASTER,
    agents.ABCD,
    google.INSIGHTS,
    meetings.GRAIN,
    contact_centres.NICE,
    whisper.CHUNKS,
    whisper.TEXT_ONLY,
)
"""Documents that are one conversation, or that contain several."""

LISTS: tuple[Maker, ...] = (
    *azure.MAKERS[3:],
    meetings.GRAIN_LIST,
    meetings.FIREFLIES_LIST,
    whisper.CHUNK_LIST,
    research.CONVOKIT,
    research.MANIFEST,
    agents.CHAT_LIST,
    messengers.SLACK,
    meeting_bots.RECALL,
    whisper.SEGMENT_LIST,
)
"""Lists whose entries are turns."""

_WRAPPERS = (
    "data",
    "result",
    "response",
    "body",
    "payload",
    "conversations",
    "conversation",
    "calls",
    "items",
    "records",
    "results",
    "transcripts",
    "transcript",
    "transcription",
    "meetings",
    "tickets",
    "recordings",
    "value",
    "train",
    "dev",
    "test",
)
"""Keys under which tools and scripts wrap documents."""

_MAX_WRAPPED = 3
_LOOKED_AT = 3  # entries of a list that decide whether they are documents


class ReadDocument(NamedTuple):
    """The conversations of a document, and the name of the maker."""

    maker: str
    drafts: list[Draft]


@garbage_left()
def read_document(document: Any, depth: int = 0) -> ReadDocument | None:
    """Read a document of any maker, a list of them, or one within another object; None if there is no known maker.

    Raises:
        UnreadableFile: the maker is known, but there is nothing that can be read.
    """
    if isinstance(document, list):
        return _read_list(document, depth)
    if not isinstance(document, dict):
        return None
    for maker in DOCUMENTS:
        if (drafts := maker.read(document)) is not None:
            return ReadDocument(maker.name, drafts)
    return _read_wrapped(document, depth) if depth < _MAX_WRAPPED else None


def _read_list(document: list[Any], depth: int) -> ReadDocument | None:
    entries = objs(document)
    if not entries:
        return None
    for maker in LISTS:
        if (drafts := maker.read(entries)) is not None:
            return ReadDocument(maker.name, drafts)
    if depth >= _MAX_WRAPPED or not any(is_known(one) for one in entries[:_LOOKED_AT]):
        return None
    names: dict[str, None] = {}
    drafts = []
    for one in entries:
        if found := _read_entry(one, depth + 1):
            names[found.maker] = None
            drafts += found.drafts
        else:
            drafts.append(Draft([], notes=["no known transcript"]))
    return ReadDocument(" and ".join(names), drafts)


def _read_entry(document: Any, depth: int) -> ReadDocument | None:
    found = read_document(document, depth)
    return None if found and found.maker == whisper.TEXT_ONLY.name else found


def is_known(document: Any) -> bool:
    """Return whether an entry of a list is a maker's document of its own."""
    from workbench.corpus.formats.opened import UnreadableFile

    try:
        return _read_entry(document, 1) is not None
    except UnreadableFile:
        return True


def _read_wrapped(document: dict[str, Any], depth: int) -> ReadDocument | None:
    drafts: list[Draft] = []
    maker = ""
    for key in _WRAPPERS:
        held = document.get(key)
        if isinstance(held, dict | list) and (found := read_document(held, depth + 1)):
            if found.maker == whisper.TEXT_ONLY.name:
                continue
            if maker and maker != found.maker:
                break
            maker = found.maker
            drafts += found.drafts
    if not maker:
        return None
    if len(drafts) == 1 and drafts[0].id is None:
        drafts[0].id = _own_id(document)
    return ReadDocument(maker, drafts)


def _own_id(document: dict[str, Any]) -> str | None:
    from workbench.corpus.formats.makers.values import first, name

    return name(first(document, "id", "conversation_id", "conversationId", "call_id", "callId", "uuid"))
