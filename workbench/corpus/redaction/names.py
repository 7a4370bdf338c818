"""The names of people in a conversation: those of its participants, and those of people who introduce themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from workbench.corpus.redaction.edits import Replacement
from workbench.corpus.redaction.letters import UNSPACED, WORD, WORD_PART, folded, is_unspaced
from workbench.corpus.redaction.reserved import is_reserved
from workbench.corpus.redaction.words import spelled, words
from workbench.domain.conversations import Conversation, Party

_MIN_PART = 2  # letters; a single one is an initial
_MIN_IN_ADDRESS = 3
_LETTER = rf"(?![{UNSPACED}])[^\W\d_]"  # in a script with spaces: such a word ends where text without spaces begins
_ANY_WORD = re.compile(rf"{_LETTER}(?:(?![{UNSPACED}]){WORD_PART})*")
_WORD = re.compile(rf"(?<![^\W{UNSPACED}]){_ANY_WORD.pattern}(?![\d_])")
_BETWEEN = re.compile(r"[ \t\u00a0]{1,2}|['’ʼ\-‐‑]")
_JOINED = re.compile(r"[ \t\u00a0\-]{1,2}")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:;。！？\n])[\s\"'“”‘’«»(\-–—*•]*\Z")
_WORD_BEFORE = re.compile(rf"({WORD})[.,]?[ \t\u00a0]{{1,2}}\Z")
_LOOK_BACK = 24
_SPLIT_ADDRESS = re.compile(r"[._\-+]")


def people_of(conversation: Conversation) -> Iterator[str]:
    """Yield the names of the participants, including from addresses and ids such as ann.lee."""
    for party in conversation.parties:
        yield from _names_of(party)
    known = {party.id for party in conversation.parties}
    for party_id in {turn.party for turn in conversation.turns if turn.party and turn.party not in known}:
        yield from _in_address(party_id)


def _names_of(party: Party) -> Iterator[str]:
    if party.name:
        yield party.name
        yield from _in_address(party.name) if "@" in party.name else ()
    else:
        yield from _in_address(party.id)
    if party.email:
        yield from _in_address(party.email)


def _in_address(address: str) -> Iterator[str]:
    """Yield the name in an address or id that has at least two words, none of them a role or number."""
    parts = [part for part in _SPLIT_ADDRESS.split(address.split("@")[0]) if part]
    fit = [part for part in parts if _ANY_WORD.fullmatch(part) and len(part) >= _MIN_IN_ADDRESS]
    if len(parts) > 1 and len(fit) == len(parts) and not any(is_reserved(part) for part in parts):
        yield " ".join(parts)


class NameFinder:
    """Finds given names, whole or in part, in any case or Unicode form, with or without accents."""

    def __init__(self, names: Iterable[str]):
        self._parts: set[str] = set()
        self._short: set[str] = set()
        self._whole: dict[str, set[tuple[str, ...]]] = {}
        unspaced: set[str] = set()
        for name in names:
            for part in name.split():
                if is_unspaced(part) and len(part) >= _MIN_PART and not is_reserved(part):
                    unspaced.add(part)
            self._add(name)
            composed = unicodedata.normalize("NFC", name)
            if any(sign in composed for sign in spelled()):
                self._add("".join(spelled().get(sign, sign) for sign in composed))
        compact = {form for part in unspaced for form in (unicodedata.normalize(one, part) for one in ("NFC", "NFD"))}
        said = "|".join(re.escape(one) for one in sorted(compact, key=lambda one: (-len(one), one)))
        self._unspaced = re.compile(said) if said else None

    def find(self, text: str) -> list[Replacement]:
        """Return where names occur in a text; adjacent parts of one name are joined."""
        found = [*self._in_words(text)]
        if self._unspaced is not None:
            found += [Replacement(*one.span(), "name") for one in self._unspaced.finditer(text)]
        return list(_joined(text, sorted(found)))

    def _add(self, name: str) -> None:
        said = [folded(one) for one in _ANY_WORD.findall(name) if not is_unspaced(one)]
        if len(said) > 1 and not any(is_reserved(one) for one in said if len(one) > 1):
            for start in range(len(said) - 1):
                self._whole.setdefault(said[start], set()).add(tuple(said[start:]))
        for one in said:
            if len(one) < _MIN_PART or one in words("particles") or one in words("titles") or is_reserved(one):
                continue
            (self._short if len(one) == _MIN_PART else self._parts).add(one)

    def _in_words(self, text: str) -> Iterator[Replacement]:
        last = 0
        for word in _WORD.finditer(text):
            if word.start() < last:
                continue
            known = folded(word[0])
            if known not in self._whole and known not in self._parts and known not in self._short:
                continue
            end = self._whole_from(text, word, known) or (word.end() if self._stands(text, word, known) else 0)
            if end:
                last = end
                yield Replacement(word.start(), end, "name")

    def _whole_from(self, text: str, word: re.Match[str], known: str) -> int:
        """Return where the longest name of several words that begins with this one ends, or 0."""
        best = 0
        for name in self._whole.get(known, ()):
            at = word.end()
            for part in name[1:]:
                gap = _BETWEEN.match(text, at)
                more = _ANY_WORD.match(text, gap.end()) if gap else None
                if more is None or folded(more[0]) != part or _is_in_word(text, more.end()):
                    break
                at = more.end()
            else:
                if not self._is_common(name) or text[word.start()].isupper():
                    best = max(best, at)
        return best

    @staticmethod
    def _is_common(name: tuple[str, ...]) -> bool:
        return all(one in words("words_too") for one in name)

    def _stands(self, text: str, word: re.Match[str], known: str) -> bool:
        """Return whether a part of a name is a name in this place, as some are also common words."""
        said = word[0]
        if known in self._short:
            return said[0].isupper() and not _starts_sentence(text, word.start())
        if known not in self._parts:
            return False
        if known not in words("words_too"):
            return True
        before = _WORD_BEFORE.search(text, max(0, word.start() - _LOOK_BACK), word.start())
        if before and folded(before[1]) in words("titles"):
            return True
        return said[0].isupper() and said[1:].islower() and not _starts_sentence(text, word.start())


def _starts_sentence(text: str, at: int) -> bool:
    return _SENTENCE_START.search(("…" if at > _LOOK_BACK else "") + text[max(0, at - _LOOK_BACK) : at]) is not None


def _is_in_word(text: str, at: int) -> bool:
    return _TAIL.match(text, at) is not None


_TAIL = re.compile(rf"[\d_]|(?![{UNSPACED}]){WORD_PART}")


def _joined(text: str, edits: Iterable[Replacement]) -> Iterator[Replacement]:
    last: Replacement | None = None
    for one in edits:
        if last is not None and one.start <= last.end:
            last = Replacement(last.start, max(last.end, one.end), "name")
        elif last is not None and _JOINED.fullmatch(text, last.end, one.start):
            last = Replacement(last.start, one.end, "name")
        else:
            if last is not None:
                yield last
            last = one
    if last is not None:
        yield last
