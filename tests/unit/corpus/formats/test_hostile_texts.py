"""Texts that are made to keep a reader busy, or to break it: the time grows with their length alone."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, datetime

import pytest

from tests.unit.corpus.formats.files import Found, opened, reason
from workbench.corpus.formats import FORMATS, FormatProblem
from workbench.corpus.formats.bounds import count_values
from workbench.corpus.formats.html_text import unescaped
from workbench.corpus.formats.plain_text.line_kinds import LineKind, line_of, narrowed
from workbench.corpus.formats.recognition import conversations_of, recognised
from workbench.corpus.formats.times import earlier

LONG = 300_000
HOSTILE = {
    "empty lines": "a\n" + "\n" * LONG + "1\n00:00:01,000 --> 00:00:02,000\nHello\n",
    "spaces before an arrow": " " * LONG + "00:00:01,000 --> 00:00:02,000\nHello\n",
    "spaces after a name": "Ann" + " " * LONG + "0:12\nHello there\n\nBob  0:20\nHi\n",
    "spaces after a time": "00:00:01" + " " * LONG + "Ann: Hello\n00:00:05 Bob: Hi\n",
    "spaces in a chat": "10:00:01\t" + " " * LONG + "Ann : \tHello\n10:00:02\tBob : \tHi\n",
    "a caption of many lines": "[Ann] 10:00:01\n" + "yes\n" * 100_000,
    "colons": "Ann: Hello\nBob" + ":" * LONG + "\n",
    "times that are none": "1\n" + "9" * 3_000 + " --> 1\n",
}


def found_in(name: str, content: str) -> list[Found] | None:
    file = opened(name, content)
    form = recognised(file, FORMATS)
    return None if form is None else list(conversations_of(form, file))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["a.txt", "a.srt", "a.vtt", "a.csv", "a.sbv"])
def test_the_time_grows_with_the_length_alone(name, text):
    began = time.process_time()
    found = found_in(name, text)
    assert found is None or found
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "text", ["1\n9:9:9.9 -->\nHello", "0:00:01.5 -> x\n\n0:00:01.000,0:00:99999.0\nHi", "1:1:1 -->"]
)
def test_subtitles_whose_times_all_fail_are_refused(text):
    for name in ("a.srt", "a.sbv", "a.txt"):
        found = found_in(name, text)
        assert found is None or all(isinstance(one, FormatProblem) and one.reason for one in found)


def test_a_date_with_a_huge_year_is_left_out():
    (found,) = found_in("a.cha", f"@UTF8\n@Begin\n@Date:\t01-MAR-{'9' * 30}\n*ANN:\thello .\n@End\n")
    assert found.conversation.started is None


def test_words_far_apart_are_brought_together():
    assert narrowed("a" + " " * 50 + "b\t\tc") == "a" + " " * 8 + "b\t\tc"
    assert line_of(1, "Ann" + " " * 50 + "0:12").kind is LineKind.NAME_TIME


def document(paragraphs: int) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>Ann: {n * 7919 % 99991}</w:t></w:r></w:p>" for n in range(paragraphs))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


def test_a_document_of_too_many_paragraphs_is_refused():
    assert "has more than 40,000 paragraphs" in reason("a.docx", document(40_001))


def test_values_are_counted_exactly_only_where_it_matters():
    assert count_values(b'["[,{"]', few=10) == 4
    assert count_values(b'["[,{"]', few=3) == count_values(b'["[,{"]') == 1


def test_entities_and_offsets_beyond_all_bounds_are_no_errors():
    assert unescaped("&#" + "9" * 5_000 + "; &amp;").startswith("&#9")
    assert unescaped("a &amp; b") == "a & b"
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    assert earlier(moment, 1e30) is earlier(moment, -1e12) is None
    assert earlier(moment, None) == moment
