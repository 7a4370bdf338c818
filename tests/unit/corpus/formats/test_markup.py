"""Messages that help desks keep as HTML, as their readers see them."""

from __future__ import annotations

import pytest

from workbench.corpus.formats.makers.markup import plain


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
    assert plain(markup) == text


def test_broken_markup_takes_no_time():
    assert plain("<" * 200_000 + "<b>x</b>").endswith("x")
    assert plain("<div>" * 50_000 + "x") == "x"
