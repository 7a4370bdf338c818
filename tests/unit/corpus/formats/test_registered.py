"""One contract for all formats that are not JSON: each knows its own files and no other's, and none ever raises."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from tests.unit.corpus.formats.files import opened
from tests.unit.small import ROOT
from workbench.corpus.formats import FORMATS, FormatProblem, FoundConversation
from workbench.corpus.formats.documents.refused import RefusedDocument
from workbench.corpus.formats.documents.word import WordDocument
from workbench.corpus.formats.mail.mbox import Mbox
from workbench.corpus.formats.mail.messages import MailMessage, is_message
from workbench.corpus.formats.names_in_files import started_in_name
from workbench.corpus.formats.opened import UnreadableFile
from workbench.corpus.formats.plain_text.transcripts import PlainTranscript
from workbench.corpus.formats.plain_text.zoom import ZoomCaptions, ZoomChat
from workbench.corpus.formats.recognition import conversations_of, recognised
from workbench.corpus.formats.registered import BY_FIRST_BYTES, BY_FIRST_LINES, BY_LINES
from workbench.corpus.formats.research.chat import Chat
from workbench.corpus.formats.research.ctm import Ctm
from workbench.corpus.formats.research.elan import Elan
from workbench.corpus.formats.research.rttm import Rttm
from workbench.corpus.formats.research.stm import Stm
from workbench.corpus.formats.research.textgrid import TextGrid
from workbench.corpus.formats.subtitles.subrip import SubRip, SubViewer, TeamsText
from workbench.corpus.formats.subtitles.substation import SubStation
from workbench.corpus.formats.subtitles.ttml import TimedText
from workbench.corpus.formats.subtitles.webvtt import WebVtt
from workbench.corpus.formats.tables.delimited import Delimited
from workbench.corpus.formats.tables.mails import folded_name
from workbench.corpus.formats.tables.parquet import Parquet
from workbench.corpus.formats.tables.spreadsheet import Spreadsheet

EXAMPLES = ROOT / "tests/data/formats"
OWN = {
    Chat: ["talkbank_chat.cha"],
    Ctm: ["ctm.ctm", "ctm_with_rttm.ctm"],
    Delimited: ["turns_interlocutor.csv", "turns_ms.tsv", "whisper_tsv.tsv"],
    Elan: ["elan.eaf"],
    MailMessage: ["email_reply.eml", "email_html_only.eml"],
    Mbox: ["email_thread.mbox"],
    Parquet: ["calls_nested.parquet", "turns_parquet.parquet"],
    PlainTranscript: ["otter_txt.txt", "fathom_copied.txt", "google_meet_pasted.txt", "pasted_agent_customer.txt"],
    Rttm: ["ctm_with_rttm.rttm"],
    Spreadsheet: ["turns_xlsx.xlsx"],
    Stm: ["stm.stm"],
    SubStation: ["substation.ass"],
    SubRip: ["srt.srt"],
    SubViewer: ["sbv.sbv"],
    TeamsText: ["teams_txt_old.txt"],
    TimedText: ["timed_text.ttml"],
    TextGrid: ["textgrid_long.TextGrid", "textgrid_short.TextGrid"],
    WebVtt: ["zoom_vtt.vtt", "teams_vtt.vtt", "webvtt_voice.vtt"],
    WordDocument: ["teams_docx.docx", "google_meet_docx.docx"],
    ZoomCaptions: ["zoom_saved_captions.txt"],
    ZoomChat: ["zoom_chat.txt"],
}
FILES = [(kind, EXAMPLES / name) for kind, names in OWN.items() for name in names]
REGISTERED = (*BY_FIRST_BYTES, *BY_FIRST_LINES, *BY_LINES)
MUTATIONS = 12  # of each file; benchmarks take thousands
INSERTED = [
    b"\0",
    b'"',
    b"<",
    b"9" * 400,
    b"(" * 2_000,
    b" " * 5_000,
    b"-->",
    b"a:" * 3_000,
    b"\n" * 3_000,
    b"\xff\xfe",
]


def test_every_format_has_an_example_here():
    assert {type(one) for one in REGISTERED} == {*OWN, RefusedDocument}


@pytest.mark.parametrize(("kind", "file"), FILES, ids=[file.name for _, file in FILES])
def test_a_file_is_known_by_its_content_whatever_it_is_called(kind, file):
    for name in (file.name, "file", "file.txt"):
        found = recognised(opened(name, file.read_bytes()), FORMATS)
        assert type(found) is kind, name


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes cut, with lines in another order, repeated or lost, or with others in between."""
    lines = data.split(b"\n")
    place, at = chance.randrange(len(data) + 1), chance.randrange(len(lines))
    return chance.choice(
        [
            lambda: data[:place],
            lambda: data[place:],
            lambda: data[:place] + chance.choice(INSERTED) + data[place:],
            lambda: b"\n".join(chance.sample(lines, len(lines))),
            lambda: b"\n".join([*lines[:at], *lines[at : at + 1] * 300, *lines[at + 1 :]]),
            lambda: b"\n".join([*lines[:at], *lines[at + 1 :]]),
            lambda: bytes(one ^ (1 << chance.randrange(8)) if chance.random() < 0.02 else one for one in data),
        ]
    )()


@pytest.mark.parametrize(("kind", "file"), FILES, ids=[file.name for _, file in FILES])
def test_whatever_is_done_to_a_file_gives_conversations_or_a_reason(kind, file):
    chance = random.Random(file.name)
    for _ in range(MUTATIONS):
        changed = opened(file.name, mutated(file.read_bytes(), chance))
        try:
            found = recognised(changed, FORMATS)
        except UnreadableFile:
            continue
        given = list(conversations_of(found, changed)) if found else []
        assert bool(given) == bool(found)
        assert all(isinstance(one, FoundConversation | FormatProblem) for one in given)


def test_zooms_names_tell_the_start_and_others_nothing():
    assert started_in_name("GMT20260302-090000_Recording.vtt") == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert started_in_name("GMT20269902-090000.vtt") is None
    assert started_in_name("call.vtt") is None


def test_heads_of_mail_are_known_by_at_least_two_names():
    assert is_message(b"Received: x\nFrom: a@b\n\nHi")
    assert not is_message(b"Agent: x\nCustomer: y\n\nHi")
    assert folded_name("From_Address ") == "fromaddress"
