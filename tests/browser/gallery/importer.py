"""The importer in its states, over files that are invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from tests.browser.gallery.corpus import ARABIC, LONG_WORD, MARKUP, GalleryWorkspace
from workbench.widgets import CallImporter, importer
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.protocol import ImportFileView, ImportReportView, ImportView


class ImportWorkspace(GalleryWorkspace):
    """The parts of a workspace that the importer uses, without files."""

    read_only = False
    time_zone = "UTC"
    redaction = ("phone",)
    path = Path("/nowhere")


def states() -> dict[str, WorkbenchWidget]:
    """Return a widget for each state."""
    some = [_file(1), _file(2, name="calls/renewal.json", format="Gong (JSON)"), _refused(3), _odd(4), _part(5)]
    many = [_file(number, name=f"calls/{number:04}.vtt") for number in range(1, 400)]
    return {
        "empty": _one([]),
        "files of all sorts": _one(some, passed_over=3, zone="Europe/Berlin"),
        "looking": _one([_file(1), _waiting(2)], phase="looking", fraction=0.4, message="Looking into 0002.vtt"),
        "importing": _one(some, phase="importing", fraction=0.7, message=f"Importing {LONG_WORD * 4}.vtt, 7 of 10"),
        "thousands of items": _one(many),
        "long names": _one([_file(1, name=f"{LONG_WORD}/{MARKUP}/{LONG_WORD * 3}.vtt", speakers=_long())]),
        "right to left": _one([_file(1, name=f"{ARABIC[0]}.vtt", speakers=[_speaker(ARABIC[1], "customer")])]),
        "a report": _one([], report=_report(), reports=_heads()),
        "stopped": _one(some, report=_report(stopped=True, failed="The disk is full; free some space and try again")),
        "error": _one(some, error="The disk is full; free some space and try again."),
        "blocked": _one([], phase="blocked", blocked=importer.READS_ONLY),
    }


def _one(files: list[ImportFileView], error: str = "", **view: Any) -> WorkbenchWidget:
    widget = CallImporter(ImportWorkspace())
    state = cast("ImportView", {**importer.START, "redact": ["phone"], **view})
    widget.files, widget.state, widget.error = files, state, error
    widget.send = lambda content, buffers=None: None  # type: ignore[method-assign]
    return widget


def _speaker(name: str, side: str = "", label: bool = False) -> dict[str, Any]:
    return {"id": name, "name": name, "side": side, "turns": 12, "label": label}


def _long() -> list[dict[str, Any]]:
    return [_speaker(LONG_WORD * 2), _speaker(MARKUP, "company"), *(_speaker(f"Speaker {n}") for n in range(20))]


def _file(number: int, **changes: Any) -> ImportFileView:
    speakers = [_speaker("Dana Whitfield", "customer"), _speaker("Marcus Oyelaran"), _speaker("SPEAKER_00", label=True)]
    view = {
        "id": number,
        "name": f"calls/{number}.vtt",
        "size": 48_211,
        "state": "ready",
        "format": "WebVTT",
        "conversations": 1,
        "turns": 214,
        "speakers": speakers,
        "speakers_found": 3,
        "times": "up to 41:07",
        "language": "en",
        "pace": 2.4,
        "odd": False,
        "left_out": "",
        "notes": [],
        "problems": [],
        "problems_found": 0,
        "mappable": False,
        "mapped": False,
        **changes,
    }
    return cast("ImportFileView", view)


def _refused(number: int) -> ImportFileView:
    said = ["Is JSON, but not a known transcript (top keys: 'name', 'version'); export the transcript itself."]
    nothing = {"format": "", "conversations": 0, "turns": 0, "speakers": [], "speakers_found": 0, "times": "none"}
    return _file(number, state="refused", problems=said, problems_found=4, pace=None, language="", **nothing)


def _odd(number: int) -> ImportFileView:
    return _file(number, state="check", format="JSON of no known tool", pace=2_400.0, odd=True, mappable=True)


def _part(number: int) -> ImportFileView:
    return _file(number, name="calls/9.rttm", state="part", conversations=0, turns=0, speakers=[], speakers_found=0)


def _waiting(number: int) -> ImportFileView:
    return _file(number, state="waiting", format="", conversations=0, turns=0, speakers=[], speakers_found=0)


def _report(**changes: Any) -> ImportReportView:
    lines = [{"kind": kind, "name": f"{LONG_WORD}.json", "line": 3, "reason": MARKUP} for kind in ("rejected", "file")]
    counts = {"added": 1_204, "changed": 12, "unchanged": 30, "kept": 0, "rejected": 2, "files": 40, "lines_found": 412}
    told = {"redacted": "2 card numbers in 1 conversation", "stopped": False, "failed": "", "seconds": 12.5}
    view = {"id": "r2", "when": "2026-11-29T21:15:00+00:00", "lines": lines, **counts, **told, **changes}
    return cast("ImportReportView", view)


def _heads() -> list[dict[str, Any]]:
    return [{"id": f"r{n}", "when": f"2026-11-2{n}T10:00:00+00:00", "words": "12 added, 1 left out"} for n in (2, 1)]
