"""Answers and values of metrics are taken in any case and spacing, and stored in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import InvalidAnswer
from workbench.domain.tags import Answer, answer_of


@given(
    st.sampled_from(list(Answer)),
    st.sampled_from(["", "_", " ", "-", "\u00a0", " - "]),
    st.sampled_from([str, str.upper, str.title, str.swapcase, lambda text: f" {text}\n"]),
    st.booleans(),
)
def test_an_answer_is_taken_in_any_case_spacing_and_width(answer, between, cased, wide):
    text = cased(answer.value.replace("_", between))
    if wide:
        text = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" and sign.isalpha() else sign for sign in text)
    assert answer_of(text) is answer


@pytest.mark.parametrize("other", ["", "maybe", "yes!", "yesno", "not", None, True, 1, 1.5, [], "nein"])
def test_anything_else_is_refused_and_says_what_can_be(other):
    with pytest.raises(InvalidAnswer, match="answer: must be one of yes, no, not_sure, not "):
        answer_of(other)
