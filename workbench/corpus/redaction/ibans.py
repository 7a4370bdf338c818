"""IBANs, written in one piece or in groups, or spoken with the letters of the country first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.corpus.redaction.edits import Replacement
from workbench.corpus.redaction.libraries import number_library
from workbench.corpus.redaction.numbers import NumberToken

_MIN, _MAX = 15, 34
_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?=[ \u00a0.\-]?[A-Za-z0-9])", re.ASCII)
_SIGN = re.compile(r"[ \u00a0.\-]?([A-Za-z0-9])")
_COUNTRY_BEFORE = re.compile(r"(?<![^\W_])([A-Za-z])[\s.\-]{0,2}([A-Za-z])[\s.,\-]{0,2}\Z")
_LETTER_OR_DIGIT = re.compile("[A-Za-z0-9]")
_LOOK_BACK = 8


def written_ibans(text: str) -> Iterator[Replacement]:
    """Yield the written IBANs in a text."""
    last = 0
    for start in _START.finditer(text):
        if start.start() < last:
            continue
        end = _end_of(text, start)
        if end:
            last = end
            yield Replacement(start.start(), end, "iban")


def spoken_iban(text: str, tokens: Sequence[NumberToken]) -> tuple[int, int] | None:
    """Return where an IBAN whose digits begin a chain starts, with the token after it."""
    country = _COUNTRY_BEFORE.search(text, max(0, tokens[0].start - _LOOK_BACK), tokens[0].start)
    if country is None or tokens[0].has_plus:
        return None
    compact = (country[1] + country[2]).upper()
    for place, token in enumerate(tokens, start=1):
        compact += token.digits[: _MAX + 1]
        if len(compact) > _MAX:
            return None
        if len(compact) >= _MIN and _is_iban(compact):
            return country.start(), place
    return None


def _end_of(text: str, start: re.Match[str]) -> int:
    compact, at = start[0], start.end()
    while len(compact) < _MAX:
        sign = _SIGN.match(text, at)
        if sign is None:
            return 0
        compact, at = compact + sign[1], sign.end()
        is_end = not _LETTER_OR_DIGIT.match(text, at)
        if len(compact) >= _MIN and is_end and _is_iban(compact):
            return at
    return 0


def _is_iban(compact: str) -> bool:
    return bool(number_library("iban").is_valid(compact, check_country=False))
