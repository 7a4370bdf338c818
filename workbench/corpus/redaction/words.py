"""The words of ``words.toml``, folded."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from workbench.corpus.redaction.letters import folded


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """Return one of the file's lists of words."""
    return frozenset(folded(word) for word in _read()[name].split())


@cache
def phrases(name: str) -> tuple[str, ...]:
    """Return one of the file's lists of phrases, as written."""
    return tuple(_read()[name])


@cache
def joiners() -> Mapping[str, str]:
    """Return the words for punctuation in a spoken e-mail address, with the character for each."""
    return {folded(word): sign for word, sign in _read()["joiners"].items()}


@cache
def spelled() -> Mapping[str, str]:
    """Return letters that are also written as two, in either case."""
    return {one: two for sign, two in _read()["spelled"].items() for one in (sign, sign.upper())}


@cache
def introductions(name: str) -> tuple[str, ...]:
    """Return phrases with which people introduce themselves."""
    found = _read()["introductions"][name]
    return tuple(found.split() if isinstance(found, str) else found)


@cache
def common_words() -> frozenset[str]:
    """Return frequent words in some languages, which don't count as names after an introduction."""
    return frozenset(folded(word) for text in _read()["common"].values() for word in text.split())
