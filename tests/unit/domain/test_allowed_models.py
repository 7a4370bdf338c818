"""Which models data may name (F3)."""

from __future__ import annotations

import pytest

from workbench.domain.allowed_models import DOWNLOAD, MODELS, is_allowed, may_download, refusal


@pytest.mark.parametrize(
    ("listed", "model", "allowed"),
    [
        ("", "cross-encoder/nli", False),
        ("", "", False),
        (",,", "", False),
        ("cross-encoder/nli", "cross-encoder/nli", True),
        (" a/b , cross-encoder/nli ,", "cross-encoder/nli", True),
        ("cross-encoder/nli", "cross-encoder/nli ", False),
        ("cross-encoder/nli", "Cross-Encoder/nli", False),
        ("cross-encoder/nli", "cross-encoder/nli/../other", False),
        ("cross-encoder/nli", "nli", False),
        ("/models/nli", "/models/nli", True),
        ("/models/nli", "/models/nli/", False),
        ("/models/nli", "/models/nli/../../etc", False),
        ("*", "cross-encoder/nli", False),
        ("a/b", "a/b\0", False),
    ],
)
def test_only_what_is_listed_letter_by_letter(monkeypatch, listed, model, allowed):
    monkeypatch.setenv(MODELS, listed)
    assert is_allowed(model) is allowed


def test_a_hub_name_that_the_working_folder_has_too_is_not_that_name(monkeypatch, tmp_path):
    monkeypatch.setenv(MODELS, "cross-encoder/nli")
    monkeypatch.chdir(tmp_path)
    assert is_allowed("cross-encoder/nli")
    (tmp_path / "cross-encoder" / "nli").mkdir(parents=True)
    assert not is_allowed("cross-encoder/nli")


def test_nothing_is_fetched_unless_the_operator_says_so(monkeypatch):
    monkeypatch.delenv(DOWNLOAD, raising=False)
    assert not may_download()
    for value, said in (("0", False), ("yes", False), ("1", True)):
        monkeypatch.setenv(DOWNLOAD, value)
        assert may_download() is said


def test_a_long_name_is_not_told_in_full():
    assert len(refusal("x" * 10_000)) < 300
