"""Names that show what they are: cleaned of what cannot be seen when they are given, escaped when they are printed.

Control characters steer terminals, mail programs and logs; characters for the direction of text reorder what stands
beside them; other invisible ones make two names look the same. Joiners and variation selectors stay where writing
needs them: in Persian, in the scripts of India, in emoji.
"""

from __future__ import annotations

import re
import unicodedata

from workbench.domain.texts import normalise
from workbench.domain.words import fold

_BREAKS = frozenset({"Cc", "Zl", "Zp", "Cs"})  # categories that a space stands for
# Controls but for tab and line feed, separators of lines, what sets the direction, halves of characters.
_STEERING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_SELECTORS = frozenset("\ufe0e\ufe0f")  # text or emoji
_VIRAMA = 9  # the combining class
# Invisible, though not of the category Cf: of Default_Ignorable_Code_Point, and the empty braille cell.
INVISIBLE = (
    *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065), (0x2800, 0x2800)),
    *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF)),
)


def clean_name(text: str) -> str:
    """Return the text on one line, without control and invisible characters, white space normalised; may be empty."""
    if text.isascii() and text.isprintable():  # nearly always, and a tenth of the work
        return normalise(text)
    while (cleaned := _cleaned(text)) != text:  # what was taken away may be what made a joiner needed
        text = cleaned
    return text


def name_key(text: str) -> str:
    """Return what tells whether two names are variants of one.

    It is the name cleaned, and folded in case, width and the encoding of accents.
    """
    return normalise(fold(clean_name(text)))


def printable(text: str, lines: bool = True) -> str:
    r"""Return the text as terminals and logs can show it.

    What ``clean_name`` would take away is written as ``\x1b`` and the like.

    Args:
        text: a text from elsewhere.
        lines: whether line breaks and tabs stay; without, they are escaped, too.
    """
    kept = "\n\t" if lines else ""
    return "".join(one if one in kept else _escaped(text, at) for at, one in enumerate(text))


def running_text(text: str) -> str:
    """Return the text with control characters and those for its direction escaped.

    Line breaks and tabs stay, and so do other invisible characters, which what people say is written with.
    """
    return _STEERING.sub(lambda found: ascii(found[0])[1:-1], text)


def _cleaned(text: str) -> str:
    kept = (one for at, one in enumerate(text) if not _is_hidden(text, at))
    return normalise("".join(" " if unicodedata.category(one) in _BREAKS else one for one in kept))


def _escaped(text: str, at: int) -> str:
    one = text[at]
    if unicodedata.category(one) in _BREAKS or _is_hidden(text, at):
        return ascii(one)[1:-1]
    return one


def _is_hidden(text: str, at: int) -> bool:
    one = text[at]
    if one.isascii():  # nearly always; the control characters among them are breaks
        return False
    point = ord(one)
    if unicodedata.category(one) != "Cf" and not any(first <= point <= last for first, last in INVISIBLE):
        return False
    return not _is_needed(one, text[max(0, at - 1) : at], text[at + 1 : at + 2])


def _is_needed(one: str, before: str, after: str) -> bool:
    """Return whether an invisible character shapes those beside it."""
    if not before:
        return False
    if one in _SELECTORS:
        return unicodedata.category(before) == "So"
    if one not in (_NON_JOINER, _JOINER):
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if not after:
        return False
    if unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == "AL":
        return True
    return one == _JOINER and unicodedata.category(after) == "So" and (before in _SELECTORS or _is_picture(before))


def _is_picture(one: str) -> bool:
    return unicodedata.category(one) in ("So", "Sk")  # Sk: the colours of skin
