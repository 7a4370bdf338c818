"""Card numbers: prefix and length as in some network, with a valid check digit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.corpus.redaction.libraries import number_library
from workbench.corpus.redaction.numbers import NumberToken

_MAX_CARD_DIGITS = 19
# Prefixes and lengths of the networks (ISO/IEC 7812 and what they publish); 13 digits are long out of use.
_NETWORKS = tuple(
    (re.compile(first), lengths)
    for first, lengths in (
        (r"4", (16, 19)),  # Visa
        (r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)", (16,)),  # Mastercard
        (r"3[47]", (15,)),  # American Express
        (r"3(?:0[0-5]|[689])", (14, 16)),  # Diners Club
        (r"6(?:011|4[4-9]|5)", (16, 19)),  # Discover
        (r"35(?:2[89]|[3-8])", (16,)),  # JCB
        (r"62|81", (16, 17, 18, 19)),  # UnionPay
        (r"50|5[6-8]|6(?:304|759|76[1-3])", (16, 18, 19)),  # Maestro
        (r"220[0-4]", (16,)),  # Mir
        (r"60|82|353|356", (16,)),  # RuPay
    )
)


def cards_in(tokens: Sequence[NumberToken]) -> list[tuple[int, int]]:
    """Return the first and last token (exclusive) of each card number in a chain, from left to right."""
    found, at = [], 0
    while at < len(tokens):
        end = _card_from(tokens, at)
        if end:
            found.append((at, end))
        at = end or at + 1
    return found


def _card_from(tokens: Sequence[NumberToken], at: int) -> int:
    """Return the token after the card number that begins here, or 0."""
    digits, ends = "", {}
    if tokens[at].has_plus:
        return 0
    for place in range(at, len(tokens)):
        digits += tokens[place].digits[: _MAX_CARD_DIGITS + 1]
        if len(digits) > _MAX_CARD_DIGITS:
            break
        ends[len(digits)] = place + 1
    if not ends or max(ends) < min(_LENGTHS):
        return 0
    for first, lengths in _NETWORKS:
        if first.match(digits):
            for length in lengths:
                end = ends.get(length, 0)
                if end and number_library("luhn").is_valid(digits[:length]) and not _is_count(tokens[at:end]):
                    return end
    return 0


def _is_count(tokens: Sequence[NumberToken]) -> bool:
    """Return whether the digits only count up: 4, 5, 6 and so on."""
    values = [int(one.digits) for one in tokens]
    return len(values) > 1 and values == list(range(values[0], values[0] + len(values)))


_LENGTHS = {length for _, lengths in _NETWORKS for length in lengths}
