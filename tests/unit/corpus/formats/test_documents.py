"""Word documents of Teams, Google Meet and others, and files that are told instead of read."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from xml.sax.saxutils import escape

import pytest

from tests.unit.corpus.formats.files import call, format_name, opened, reason, said, timed
from workbench.corpus.formats.archives import check_archive, part_of
from workbench.corpus.formats.documents.word import WordDocument
from workbench.corpus.formats.opened import UnreadableFile

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraph(text: str) -> str:
    return "<w:p><w:r>" + "<w:br/>".join(f"<w:t>{escape(line)}</w:t>" for line in text.split("\n")) + "</w:r></w:p>"


def docx(*paragraphs: str, body: str = "", start: str = "") -> bytes:
    """A Word document; a line break in a paragraph is one in the document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        content = body or "".join(map(paragraph, paragraphs))
        document = f'{start}<w:document xmlns:w="{SPACE}"><w:body>{content}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
    return out.getvalue()


def test_teams_writes_a_paragraph_a_turn_in_any_language():
    content = docx(
        "Weekly-20260302_090012-Meeting Recording",
        "2. März 2026, 09:00",
        "Ann hat die Transkription gestartet",
        "Holt, Mira (External)   0:04\nHello\nyou",
        "Conf Room 4   1:02:15\nHi",
        "Ann hat die Transkription beendet",
    )
    found = call("a.docx", content)
    assert [(turn.start_s, turn.party, turn.text) for turn in found.turns] == [
        (4, "Holt, Mira (External)", "Hello you"),
        (3735, "Conf Room 4", "Hi"),
    ]
    assert (found.title, found.started) == ("Weekly", datetime.fromisoformat("2026-03-02T09:00:12"))


def test_the_older_form_of_teams_has_three_paragraphs_a_turn():
    content = docx("0:0:0.0 --> 0:0:5.320", "Ann Lee", "Thanks", "0:0:5.4 --> 0:0:6.0", "Bob", "Yes: no")
    assert timed("a.docx", content) == [(0, 5.32, "Thanks"), (5.4, 6, "Yes: no")]


def test_what_plain_text_could_hold_is_read_too():
    assert said("a.docx", docx("Interviewer: What?", "Jane: Well.", "More.", "Interviewer: ok")) == [
        ("Interviewer", "What?"),
        ("Jane", "Well. More."),
        ("Interviewer", "ok"),
    ]
    otter = docx("Meeting", "Ann Lee  0:02", "Hello there", "Bob  0:05", "Hi", "Transcribed by https://otter.ai")
    assert (call("a.docx", otter).title, said("a.docx", otter)) == (
        "Meeting",
        [("Ann Lee", "Hello there"), ("Bob", "Hi")],
    )


def test_a_transcript_may_be_a_table():
    rows = [("Time", "Speaker", "Text"), ("0:01", "Ann", "hi"), ("0:05", "Bob", "yo")]
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    content = docx(body=f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>")
    assert timed("a.docx", content) == [(1, None, "hi"), (5, None, "yo")]


def test_deleted_text_is_not_read():
    body = paragraph("Agent: hi") + "<w:p><w:r><w:t>Customer: yes</w:t><w:delText>no</w:delText></w:r></w:p>"
    assert said("a.docx", docx(body=body)) == [("Agent", "hi"), ("Customer", "yes")]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.docx", docx("Dear all,", "we met: it was good."), "not a transcript"),
        ("a.docx", docx("x", start='<!DOCTYPE a [<!ENTITY b "c">]>'), "damaged"),
        ("a.docx", docx(body="<w:p>"), "damaged"),
        ("a.pdf", "%PDF-1.7 x", "PDF"),
        ("a.rtf", "{\\rtf1 x}", "RTF"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50, "Excel"),
        ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50, "EML"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(name, content, word):
    found = reason(name, content)
    assert word in found
    assert ";" in found


def test_archives_are_checked_before_they_are_unpacked(monkeypatch):
    monkeypatch.setattr("workbench.corpus.formats.documents.word.MAX_DOCUMENT_BYTES", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<x>" + b" " * 2_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to"):
        list(WordDocument().read(opened("a.docx", out.getvalue())))
    with pytest.raises(UnreadableFile, match="damaged"):
        check_archive(b"PK\3\4x", 100)
    with pytest.raises(UnreadableFile, match="damaged"):
        part_of(docx("x"), "no such part", 100)
    with pytest.raises(UnreadableFile, match="more than"):
        part_of(docx("x" * 500), "word/document.xml", 100)


def test_an_archive_of_something_else_is_no_document():
    assert (
        format_name("a.docx", docx("x").replace(b"word/document.xml", b"word/documint.xml")) != "Word document (DOCX)"
    )
