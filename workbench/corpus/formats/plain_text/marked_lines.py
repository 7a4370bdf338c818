"""Lines with a number before the speaker, or a dash after: read as ``Agent: Hello`` if a text has this form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from workbench.corpus.formats.names_in_text import folded, is_role, split_name

_NUMBERED = re.compile(r"\s{0,8}(?P<number>\d{1,5})[.)]\s{1,8}(?P<text>\S.*)")
_DASHED = re.compile(r"\s{0,8}(?P<name>[^\W\d_][^\n:：]{0,38}?)\s{1,4}[-–—]\s{1,4}(?P<text>\S.*)")
_LEAST_MARKED = 2
_SHARE = 0.5  # of the lines
_NAMED = 0.8  # of the lines with a number

Rewriting = Callable[[str], str]


def rewriting_of(lines: Sequence[str]) -> Rewriting | None:
    """Return a function that rewrites each line of a text in the usual form; None if the text has another form.

    Lists, forms, glossaries and changelogs have numbers and dashes, too: so numbers must be consecutive and come before
    names, and only roles count as speakers before a dash, two of them, of which one speaks again.
    """
    is_numbered = _are_numbered(lines)
    bare = [_unnumbered(one) for one in lines] if is_numbered else lines
    if _have_dashes(bare):
        return (lambda line: _with_colon(_unnumbered(line))) if is_numbered else _with_colon
    return _unnumbered if is_numbered and _are_named(bare, lines) else None


def _are_numbered(lines: Sequence[str]) -> bool:
    numbers = [int(found["number"]) for one in lines if (found := _NUMBERED.match(one))]
    if len(numbers) < _LEAST_MARKED or len(numbers) <= _SHARE * len(lines):
        return False
    return all(number == numbers[0] + place for place, number in enumerate(numbers))


def _are_named(bare: Sequence[str], lines: Sequence[str]) -> bool:
    marked = [said for said, one in zip(bare, lines, strict=True) if said is not one]
    return sum(1 for one in marked if split_name(one)) >= _NAMED * len(marked)


def _have_dashes(lines: Sequence[str]) -> bool:
    found = [match for one in lines if (match := _DASHED.match(one))]
    roles = Counter(folded(one["name"]) for one in found if is_role(one["name"]))
    return len(roles) > 1 and max(roles.values()) > 1 and sum(roles.values()) > _SHARE * len(lines)


def _unnumbered(line: str) -> str:
    found = _NUMBERED.match(line)
    return found["text"] if found else line


def _with_colon(line: str) -> str:
    found = _DASHED.match(line)
    return f"{found['name']}: {found['text']}" if found and is_role(found["name"]) else line
