"""Messages that help desks keep as HTML, as their readers see them."""

from __future__ import annotations

import time

import pytest

from workbench.corpus.formats.html_text import text_of_html, text_of_message


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>It costs <b>too</b> much.</p><p>Really.</p>", "It costs too much.\nReally."),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<style>p {color: red}</style><script>alert(1)</script>Hello", "Hello"),
        ("5 &lt; 6 &amp; 7&nbsp;&gt; 6", "5 < 6 & 7 > 6"),
        (" 5 < 6 and 7 > 6\n kept as it is ", "5 < 6 and 7 > 6\n kept as it is"),
        ("<ul><li>a</li>\n<li>b</li></ul>", "a\nb"),
        ("", ""),
    ],
)
def test_what_a_reader_sees(markup, text):
    assert text_of_message(markup) == text


BROKEN = ("<" * 200_000, "<div>" * 50_000, "<p " + "x" * 300_000, "<p class='" * 50_000, "<p \"" * 50_000,
          "<!--" * 50_000, "<a href=" + '"' * 300_001, "<p" + " " * 300_000, "<?" * 100_000, "&" * 300_000)  # fmt: skip


@pytest.mark.parametrize("source", BROKEN, ids=lambda one: one[:9])
@pytest.mark.parametrize("text_of", [text_of_html, text_of_message])
def test_the_time_for_broken_markup_grows_with_its_length_alone(text_of, source):
    began = time.process_time()
    assert isinstance(text_of(f"<b>x</b>{source}"), str)
    assert time.process_time() - began < 2


def test_a_message_keeps_what_it_quotes_and_an_email_does_not():
    source = '<p>Yes.</p><div class="gmail_quote">Did it help?</div>'
    assert text_of_message(source) == "Yes.\nDid it help?"
    assert text_of_html(source) == "Yes."
