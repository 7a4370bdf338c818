"""JSON documents and JSON Lines of any tool; their keys identify the maker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.corpus.formats.base import FormatProblem, FoundConversation
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.makers import LISTS, read_document
from workbench.corpus.formats.makers.generic import proposed, read_keyed, read_mapped, tell_call
from workbench.corpus.formats.makers.json_mapping import JsonMapping
from workbench.corpus.formats.makers.values import first, objs
from workbench.corpus.formats.neutral_model import NeutralFormError, dumps, read_json
from workbench.corpus.formats.opened import Opened, UnreadableFile, parsed
from workbench.corpus.formats.plain_text.transcripts import MIN_TRANSCRIPT_HEADS, transcript_of
from workbench.corpus.formats.reasons import shown
from workbench.corpus.formats.times import moment

_SUFFIXES = (".json", ".vcon")
_LINES = (".jsonl", ".ndjson", ".jsonlines")
_OURS = (b'"id"', b'"turns"')
_MAX_JSON_KEYS = 8
_MAX_JSON_PROBLEMS = 1_000
_SKIPPED = ("{\\rtf",)


class Json:
    """Read a JSON document: of a known maker, in our own form, or with a list that looks like turns."""

    name = "JSON"

    def __init__(self, mapping: JsonMapping | None = None):
        self._mapping = mapping

    def recognises(self, file: Opened) -> bool:
        """Return whether a file is JSON, or claims to be; a text that begins with "[00:12]" is not."""
        start = _start(file)
        if not start or start.startswith(_SKIPPED) or file.suffix in _LINES:
            return False
        if file.suffix in _SUFFIXES or start[0] == "{":
            return not (file.suffix not in _SUFFIXES and _is_lines(file))
        try:
            return isinstance(file.json, list)
        except UnreadableFile:
            return False

    def read(self, file: Opened) -> Iterator[Draft | FoundConversation | FormatProblem]:
        """Yield the document's conversations; if no maker matches it is read by a mapping, or refused with its keys."""
        document = file.json
        if self._mapping:
            yield from _mapped(document, self._mapping)
            return
        if own := _own(document):
            for place, one in enumerate(own, start=1):
                yield _read_own(one, None, f"conversation {place}" if len(own) > 1 else "")
            return
        yield from read_any(document)


class JsonLines:
    """Read JSON Lines of a tool; those in our own form are read by :class:`~.neutral.Neutral`."""

    name = "JSON Lines"

    def __init__(self, mapping: JsonMapping | None = None):
        self._mapping = mapping

    def recognises(self, file: Opened) -> bool:
        """Return whether a file has a JSON object on each line, and is not in our own form."""
        start = _start(file)
        if not start or start[0] not in "{[" or start.startswith(_SKIPPED):
            return False
        if file.suffix not in _LINES and not _is_lines(file):
            return False
        if file.suffix in _LINES and all(key in file.first_line for key in _OURS):
            return bool(self._mapping)  # broken ones are reported by our own rules
        line = _first_line(file)
        if line is None or _is_own(line):
            return False
        return bool(self._mapping) or file.suffix not in _LINES or _is_known(line)

    def read(self, file: Opened) -> Iterator[Draft | FoundConversation | FormatProblem]:
        """Yield the conversations of the lines: one per line, or one for all lines if each is a turn."""
        entries: list[tuple[int, Any]] = []
        problems = 0
        for place, line in enumerate(file.lines, start=1):
            if not line.strip():
                continue
            try:
                entries.append((place, parsed(line)))
            except UnreadableFile as error:
                problems += 1
                if problems <= _MAX_JSON_PROBLEMS:
                    yield FormatProblem(place, error.reason.replace(" at column", ", column"))
        if self._mapping:
            yield from _mapped([one for _, one in entries], self._mapping)
        elif _are_turns([one for _, one in entries]):
            yield from read_any([one for _, one in entries])
        else:
            for place, one in entries:
                yield from _read_line(place, one)


def read_any(document: Any) -> Iterator[Draft | FormatProblem]:
    """Yield the conversations of a document by its maker, else by the best mapping."""
    if found := read_document(document):
        for draft in found.drafts:
            draft.notes.insert(0, found.maker)
            yield draft
        return
    if drafts := read_keyed(document):
        yield from drafts
    elif mapping := proposed(document):
        yield from read_mapped(document, mapping)
    elif written := read_written(document):
        yield written
    else:
        yield FormatProblem(None, unknown_reason(document))


def read_written(document: Any) -> Draft | None:
    """Return the conversation of an object with a whole transcript as text; None if it has none."""
    if not isinstance(document, dict):
        return None
    texts = [value for value in document.values() if isinstance(value, str) and value.count("\n") > 0]
    draft = transcript_of(max(texts, key=len)) if texts else None
    if draft is None or len(draft.turns) < MIN_TRANSCRIPT_HEADS:
        return None
    tell_call(draft, document)
    told = moment(first(document, "started", "started_at", "startedAt", "date"))
    if told and not (draft.started or draft.started_local):
        draft.begin(told)
    draft.notes.append("not a known tool's JSON: a transcript written as text")
    return draft


def unknown_reason(document: Any) -> str:
    """Return why a document of no known maker and without a list of turns is refused."""
    if isinstance(document, dict):
        keys = ", ".join(shown(key) for key in list(document)[:_MAX_JSON_KEYS])
        what = f"top keys: {keys}" if keys else "an empty object"
    else:
        what = f"a list of {len(document):,}" if isinstance(document, list) else f"only {shown(document)}"
        keys = ", ".join(shown(key) for one in objs(document)[:1] for key in list(one)[:_MAX_JSON_KEYS])
        what += f", with the keys {keys}" if keys else ""
    return (
        f"is JSON, but not a known transcript ({what}); export the transcript itself, or say where its turns are with "
        "mapping={…}: see docs/import.md"
    )


def _mapped(document: Any, mapping: JsonMapping) -> Iterator[Draft | FormatProblem]:
    drafts = read_mapped(document, mapping)
    if not drafts:
        yield FormatProblem(
            None, f"has nothing where the mapping says ({mapping}); see the file's keys with `workbench describe`"
        )
    yield from drafts


def _read_line(place: int, document: Any) -> Iterator[Draft | FoundConversation | FormatProblem]:
    if _is_own(document):
        yield _read_own(document, place, "")
        return
    try:
        for found in read_any(document):
            if isinstance(found, Draft):
                found.line = place
                yield found
            else:
                yield FormatProblem(place, found.reason)
    except UnreadableFile as error:
        yield FormatProblem(place, error.reason)


def _own(document: Any) -> list[Any]:
    """Return the conversations in our own form; none if the document is not in it."""
    held = document if isinstance(document, list) else [document]
    return held if held and all(_is_own(one) for one in held) else []


def _is_own(document: Any) -> bool:
    if not isinstance(document, dict) or not isinstance(document.get("turns"), list) or "id" not in document:
        return False
    return all(isinstance(one, dict) and "text" in one and "speaker" not in one for one in document["turns"][:20])


def _read_own(document: Any, line: int | None, place: str) -> FoundConversation | FormatProblem:
    try:
        read = read_json(dumps(document).encode("utf-8", "surrogatepass"))
    except (NeutralFormError, RecursionError) as error:
        return FormatProblem(line, f"{place}: {error}" if place else str(error) or "nested too deeply; flatten it")
    return FoundConversation(line, read.conversation, read.repaired, read.former, "workbench JSON")


def _start(file: Opened) -> str:
    """Return the first characters of a text file, without a byte-order mark and blanks."""
    head = file.head[:2_000]
    if b"\0" in head:
        return file.text[:200].lstrip("\ufeff \t\r\n") if file.suffix in (*_SUFFIXES, *_LINES) else ""
    return head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")


def _is_lines(file: Opened) -> bool:
    """Return whether each of the first two lines is a JSON value of its own, rather than part of a longer one."""
    lines = [line for line in file.lines[:50] if line.strip()][:2]
    if len(lines) < 2 or lines[0].strip()[-1:] not in ("}", "]"):
        return False
    try:
        return all(isinstance(parsed(line), dict | list) for line in lines)
    except UnreadableFile:
        return False


def _first_line(file: Opened) -> Any:
    try:
        return parsed(file.first_line.decode())
    except (UnreadableFile, UnicodeDecodeError):
        return None


def _is_known(document: Any) -> bool:
    """Return whether a line is a maker's document, or a turn; otherwise it is reported by the rules of our own form."""
    if not isinstance(document, dict):
        return False
    try:
        if read_document(document):
            return True
    except UnreadableFile:
        return True
    if any(maker.read([document]) is not None for maker in LISTS):
        return True
    return "turns" not in document and (proposed([document, document]) or read_written(document)) is not None


def _are_turns(documents: list[Any]) -> bool:
    """Return whether the lines are turns, not conversations."""
    entries = objs(documents)
    if any(maker.read(entries[:20]) is not None for maker in LISTS):
        return True
    try:
        if entries and read_document(entries[0]):
            return False
    except UnreadableFile:
        return False
    found = proposed(entries[:200])
    return found is not None and not found.path
