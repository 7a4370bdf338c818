"""Reports of imports, stored in the workspace's folder to read again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from uuid import uuid4

from workbench.corpus.ingest import IngestReport
from workbench.corpus.redaction.kinds import told
from workbench.domain import plain_json
from workbench.domain.errors import NotFound, WorkbenchError
from workbench.domain.files import plain_bytes, private_folder, write_whole, writing_to
from workbench.widgets.protocol import ImportHeadView, ImportLineView, ImportReportView

FOLDER = "imports"
MAX_KEPT = 50
MAX_LINES = 300
_MAX_BYTES = 2_000_000
_MAX_REASON_KEPT = 1_000
_DESCRIBE = "; see the file's keys with `workbench describe`"
_MAP = ", or say where its turns are with mapping={…}: see docs/import.md"
_ID = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{8}")


def report_of(
    reports: Iterable[IngestReport], files: int, seconds: float, *, stopped: bool = False, failed: str = ""
) -> ImportReportView:
    """Return one report for all parts of an import."""
    whole = list(reports)
    lines = [line for one in whole for line in _lines(one)]
    redacted: dict[str, int] = {}
    redacted_in: dict[str, int] = {}
    for one in whole:
        for kind, count in one.redacted.items():
            redacted[kind] = redacted.get(kind, 0) + count
        for kind, count in one.redacted_in.items():
            redacted_in[kind] = redacted_in.get(kind, 0) + count
    now = datetime.now(UTC)
    return {
        "id": f"{now:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}",
        "when": now.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "files": files,
        "added": sum(one.added for one in whole),
        "changed": sum(one.changed for one in whole),
        "unchanged": sum(one.unchanged for one in whole),
        "kept": sum(one.kept for one in whole),
        "rejected": sum(len(one.rejected) for one in whole),
        "redacted": told(redacted, redacted_in),
        "stopped": stopped,
        "failed": failed,
        "lines": lines[:MAX_LINES],
        "lines_found": len(lines),
    }


def words_of(report: ImportReportView) -> str:
    """Return a report in a few words."""
    counts = [
        (report["added"], "added"),
        (report["changed"], "replaced"),
        (report["unchanged"], "unchanged"),
        (report["kept"], "kept as they were"),
        (report["rejected"], "left out"),
    ]
    told_counts = ", ".join(f"{count:,} {what}" for count, what in counts if count) or "nothing new"
    return f"{told_counts}{', stopped' if report['stopped'] else ''}{', failed' if report['failed'] else ''}"


def without_code(reason: str) -> str:
    """Return a reason without the advice that is for people who write code."""
    return reason.replace(_DESCRIBE, "").replace(_MAP, "")


class ImportReports:
    """The newest ``MAX_KEPT`` reports of a workspace."""

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / FOLDER

    def keep(self, report: ImportReportView) -> None:
        """Write a report, and delete the oldest; raises ``CannotWrite``."""
        file = self._folder / f"{report['id']}.json"
        with writing_to(file):
            private_folder(self._folder)
            if self._folder.is_symlink():
                raise WorkbenchError(f"{self._folder}: a link; put a folder in its place, as links are not followed")
            write_whole(file, plain_json.dumps(report).encode())
            for old in self._files()[MAX_KEPT:]:
                old.unlink(missing_ok=True)

    def heads(self) -> list[ImportHeadView]:
        """Return the heads of stored reports, newest first; what cannot be read is left out."""
        out: list[ImportHeadView] = []
        for file in self._files()[:MAX_KEPT]:
            with suppress(WorkbenchError):
                report = self.read(file.stem)
                out.append({"id": report["id"], "when": report["when"], "words": words_of(report)})
        return out

    def read(self, report_id: str) -> ImportReportView:
        """Return one report; raises ``NotFound`` if it is not stored, or cannot be read."""
        try:
            if not _ID.fullmatch(report_id):
                raise ValueError(report_id)
            found = json.loads(plain_bytes(self._folder / f"{report_id}.json", _MAX_BYTES))
            if not isinstance(found, dict) or ImportReportView.__annotations__.keys() - found.keys():
                raise ValueError("not a report")
        except (OSError, ValueError, RecursionError, WorkbenchError):
            raise NotFound("This report is no longer kept, or its file is damaged.") from None
        return cast("ImportReportView", {**found, "id": report_id})

    def _files(self) -> list[Path]:
        if self._folder.is_symlink():
            return []
        with suppress(OSError):
            return sorted((one for one in self._folder.glob("*.json") if _ID.fullmatch(one.stem)), reverse=True)
        return []


def _lines(report: IngestReport) -> Iterable[ImportLineView]:
    kept = (
        ("rejected", report.rejected),
        ("changed", report.changes),
        ("repaired", report.repaired),
        ("noted", report.notes),
    )
    for kind, lines in kept:
        for one in lines:
            reason = without_code(str(getattr(one, "reason", None) or getattr(one, "what", "")))[:_MAX_REASON_KEPT]
            yield {"kind": kind, "name": one.name, "line": one.line, "reason": reason}
    for file in report.files:
        yield {
            "kind": "file",
            "name": file.name,
            "line": None,
            "reason": str(file).removeprefix(f"{file.name}: ")[:_MAX_REASON_KEPT],
        }
