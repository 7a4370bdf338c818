"""Views of files that wait to be imported."""

from __future__ import annotations

from datetime import datetime

from workbench.corpus.file_previews import FilePreview, PreviewedSpeaker
from workbench.corpus.formats import JsonMapping
from workbench.corpus.formats.assemble import told_counts
from workbench.corpus.formats.mapping_choices import ListChoice, MappingChoices
from workbench.corpus.import_preview import PreviewedConversation
from workbench.corpus.pace import is_odd_pace
from workbench.corpus.people import is_label
from workbench.domain.plurals import plural
from workbench.widgets.import_files import ImportFile
from workbench.widgets.import_reports import without_code
from workbench.widgets.protocol import (
    ImportCallView,
    ImportDetailsView,
    ImportFileState,
    ImportFileView,
    ImportListView,
    ImportMappingView,
    ImportSpeakerView,
)
from workbench.widgets.views import clock, day

MAX_SHOWN_SPEAKERS = 30
MAX_SHOWN_PROBLEMS = 5
_GUESSED = "not a known tool's JSON"
_JSON = ("JSON", "JSON Lines")
_TABLES = ("table", "workbook (XLSX)", "Parquet")


def file(one: ImportFile) -> ImportFileView:
    """Return a file's row."""
    found = one.preview
    report = found.report if found else None
    speakers = [_speaker(who, one) for who in found.speakers[:MAX_SHOWN_SPEAKERS]] if found else []
    pace = found.words_per_second if found else None
    return {
        "id": one.id,
        "name": one.name,
        "size": one.size,
        "state": _state(one),
        "format": _format(found, one.mapping is not None) if found else "",
        "conversations": report.conversations if report else 0,
        "turns": report.turns if report else 0,
        "speakers": speakers,
        "speakers_found": found.speakers_found if found else 0,
        "times": _times(found) if found else "",
        "language": _languages(found) if found else "",
        "pace": None if pace is None else round(pace, 2),
        "odd": is_odd_pace(pace),
        "left_out": told_counts(report.left_out) if report else "",
        "notes": _notes(found) if found and one.mapping is None else [],
        "problems": [_problem(line, reason) for line, reason in _problems(found)] if found else [],
        "problems_found": found.problems_found if found else 0,
        "mappable": _is_mappable(one),
        "mapped": one.mapping is not None,
    }


def details(one: ImportFile, choices: MappingChoices | None) -> ImportDetailsView:
    """Return a file's details; ``choices`` are those for a mapping, None if there are none."""
    found = one.preview
    sides = {who.id: _speaker(who, one)["side"] for who in found.speakers} if found else {}
    calls = [_call(call, sides) for call in found.conversations] if found else []
    if choices is None or not _is_mappable(one):
        return {"calls": calls, "mapping": None, "lists": [], "table": False}
    used = one.mapping or choices.proposed
    return {
        "calls": calls,
        "mapping": _mapping(used or JsonMapping(choices.lists[0].path, text="")),
        "lists": [_list(choice) for choice in choices.lists],
        "table": choices.is_table,
    }


def mapping(told: ImportMappingView) -> dict[str, object]:
    """Return a mapping for ``ws.ingest`` from what a page sends."""
    keys = ("speaker", "start", "end", "unit", "conversation")
    unset: dict[str, object] = {key: str(value) if (value := told.get(key)) else None for key in keys}
    return {"path": [str(step) for step in told.get("path", [])], "text": str(told.get("text", "")), **unset}


def _state(one: ImportFile) -> ImportFileState:
    if not one.has_come:
        return "coming"
    if one.preview is None:
        return "waiting"
    if one.preview.is_part:
        return "part"
    if not one.preview.found:
        return "refused"
    guessed = one.mapping is None and any(note.startswith(_GUESSED) for note in _told(one.preview))
    return "check" if one.preview.problems_found or guessed or is_odd_pace(one.preview.words_per_second) else "ready"


def _told(found: FilePreview) -> tuple[str, ...]:
    return found.report.notes if found.report else ()


def _maker(found: FilePreview) -> str:
    """Return the maker of a JSON file: its first note; empty for all others."""
    told = _told(found)
    known = found.report is not None and found.report.format in _JSON and bool(told)
    return told[0] if known and not told[0].startswith((_GUESSED, "read as ")) else ""


def _format(found: FilePreview, is_mapped: bool) -> str:
    if found.report is None:
        return ""
    if is_mapped:
        return f"{found.report.format}, as you chose"
    if maker := _maker(found):
        return f"{maker} ({found.report.format})"
    guessed = any(note.startswith(_GUESSED) for note in found.report.notes)
    return f"{found.report.format} of no known tool" if guessed else found.report.format


def _notes(found: FilePreview) -> list[str]:
    return [note for note in _told(found) if note != _maker(found)]


def _problems(found: FilePreview) -> list[tuple[int | None, str]]:
    return [(one.line, one.reason) for one in found.problems[:MAX_SHOWN_PROBLEMS]]


def _problem(line: int | None, reason: str) -> str:
    words = without_code(reason)
    told = f"Line {line:,}: {words}" if line else words[:1].upper() + words[1:]
    return told if told.endswith((".", "…")) else f"{told}."


def _is_mappable(one: ImportFile) -> bool:
    """Return whether a person may map it: tables, JSON of unknown tools, and refused files."""
    if one.preview is None or not one.has_come:
        return False
    if one.mapping is not None or one.preview.report is None:
        return not one.preview.is_part
    form = one.preview.report.format
    return form.startswith(_TABLES) or any(note.startswith(_GUESSED) for note in one.preview.report.notes)


def _speaker(who: PreviewedSpeaker, one: ImportFile) -> ImportSpeakerView:
    side = one.sides.get(who.id, who.side)
    label = who.name.isdigit() or is_label(who.name)
    return {"id": who.id, "name": who.name, "side": side, "turns": who.turns, "label": label}


def _times(found: FilePreview) -> str:
    last = max((one.last_s for one in found.conversations if one.last_s is not None), default=None)
    if last is None:
        return "none"
    missing = found.report.turns_without_time if found.report else 0
    told = f"up to {clock(last)}"
    return f"{told}, missing for {plural(missing, 'turn')}" if missing else told


def _languages(found: FilePreview) -> str:
    return ", ".join(dict.fromkeys(one.language for one in found.conversations if one.language))


def _call(call: PreviewedConversation, sides: dict[str, str]) -> ImportCallView:
    return {
        "id": call.id,
        "title": call.title or "",
        "started": _day(call.started),
        "language": call.language or "",
        "turns": call.turns,
        "first": [
            {
                "speaker": turn.speaker or "",
                "side": sides.get(turn.speaker or "", ""),
                "time": clock(turn.start_s) or "",
                "text": turn.text,
            }
            for turn in call.first_turns
        ],
    }


def _day(started: datetime | None) -> str:
    return "" if started is None else f"{day(started)}, {started:%H:%M} {started.tzname() or ''}".strip()


def _mapping(used: JsonMapping) -> ImportMappingView:
    return {
        "path": list(used.path),
        "text": used.text,
        "speaker": used.speaker or "",
        "start": used.start or "",
        "end": used.end or "",
        "unit": used.unit or "",
        "conversation": used.conversation or "",
    }


def _list(choice: ListChoice) -> ImportListView:
    where = " › ".join("each entry" if step == "*" else step for step in choice.path) or "the top of the file"
    return {
        "path": list(choice.path),
        "words": f"{where} ({plural(choice.entries, 'entry', 'entries')})",
        "keys": [{"key": one.key, "example": one.example} for one in choice.keys],
    }
