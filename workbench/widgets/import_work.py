"""An importer's work in the background: reading files for preview, and importing them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from workbench.corpus.appending import OnChange
from workbench.corpus.company.settings import Company
from workbench.corpus.file_previews import preview_files
from workbench.corpus.ingest import IngestReport
from workbench.corpus.reading import ReadOptions, name_of
from workbench.domain.errors import WorkbenchError
from workbench.domain.progress import ReportProgress
from workbench.widgets.import_download import fetch
from workbench.widgets.import_files import ImportFile, ImportFiles, sides_by_path
from workbench.widgets.import_reports import report_of
from workbench.widgets.import_stores import fetch_stored, is_stored
from workbench.widgets.protocol import ImportReportView

_FETCHED = 0.5  # of the progress of downloading and reading
_READ = 0.9  # of an import's progress; then trackers read the new calls


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """How to import known calls with changed content, what to redact, and the time zone of starts.

    ``zone`` is the IANA name of the time zone of starts without an offset; see ``ws.ingest``.
    """

    on_change: OnChange
    redact: tuple[str, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class FileDefaults:
    """A workspace's defaults for files: the ``zone`` of starts without an offset, and its company."""

    zone: ZoneInfo
    company: Company


def look(files: Sequence[ImportFile], known: FileDefaults, report: ReportProgress, *, anew: bool = False) -> None:
    """Read the files that were not read yet, and again those next to them, which may belong together.

    ``anew`` reads all again. ``known`` has defaults for starts and sides, as in an import.
    """
    folders: dict[Path, list[ImportFile]] = {}
    for one in files:
        if one.has_come and one.mapping is None:
            folders.setdefault(one.path.parent, []).append(one)
    groups = [group for group in folders.values() if anew or any(one.preview is None for one in group)]
    groups += [[one] for one in files if one.has_come and one.mapping is not None and (anew or one.preview is None)]
    count = sum(map(len, groups))
    done = 0
    for group in groups:
        if not _look_into(group, known, done, count, report):
            return
        done += len(group)


def fetch_and_look(held: ImportFiles, address: str, known: FileDefaults, report: ReportProgress) -> int:
    """Download the file at an address, or a folder in a store, and read it; return how many files were skipped.

    Raises:
        WorkbenchError: it is unavailable; says why.
    """

    def go_on(share: float) -> bool:
        return report(_FETCHED * share, "Fetching")

    if is_stored(address):
        fetched, passed = fetch_stored(address, held.reserve, go_on)
    else:
        path, _ = fetch(address, held.reserve, go_on)
        fetched, passed = [(path, address.strip())], 0
    for path, name in fetched:
        held.add_fetched(path, name)
    look(held.all(), known, lambda share, message: report(_FETCHED + (1 - _FETCHED) * share, message))
    return passed


def _look_into(group: Sequence[ImportFile], known: FileDefaults, done: int, count: int, report: ReportProgress) -> bool:
    names = {name_of(one.path): place for place, one in enumerate(group)}
    goes_on = True

    def go_on(name: str, found: int) -> bool:
        nonlocal goes_on
        at = done + names.get(name, 0)
        goes_on = report(min(0.99, at / count), f"Looking into {name}, file {at + 1:,} of {count:,}; {found:,} found")
        return goes_on

    options = ReadOptions(zone=known.zone, mapping=group[0].mapping)
    previews = preview_files([one.path for one in group], options, go_on, known.company)
    by_path = {one.path: one for one in previews}
    for one in group:
        one.preview = by_path.get(one.path, one.preview)
    return goes_on


def bring_in(
    workspace: Any, files: Sequence[ImportFile], choices: ImportChoices, report: ReportProgress
) -> ImportReportView:
    """Import files, and have active trackers read what is new; return the report.

    Raises:
        Exception: what ``ws.ingest`` raises before anything is imported.
    """
    begun = time.monotonic()
    work = _Bringing(workspace, choices, files, report)
    failed = work.run()
    if not failed and (work.brought and not work.stopped):
        report(_READ, "Active trackers read the new calls")
        try:
            workspace.catch_up()
        except Exception as error:  # noqa: BLE001, the calls are imported, and the report says what is missing
            failed = f"The calls are in, but trackers could not read them: {error} Call ws.catch_up() later."
    seconds = time.monotonic() - begun
    return report_of(work.reports, len(files), seconds, stopped=work.stopped, failed=failed)


class _Bringing:
    """Calls ``ws.ingest`` for files with equal options, and adds up the progress."""

    def __init__(
        self, workspace: Any, choices: ImportChoices, files: Sequence[ImportFile], report: ReportProgress
    ) -> None:
        self._workspace, self._choices, self._report = workspace, choices, report
        self._files = files
        self._sides = sides_by_path(list(files))
        self._total = max(1, sum(one.preview.found + one.preview.problems_found if one.preview else 1 for one in files))
        self._read = 0
        self.reports: list[IngestReport] = []
        self.stopped = False

    @property
    def brought(self) -> int:
        """Return how many conversations are new or replaced."""
        return sum(one.added + one.changed for one in self.reports)

    def run(self) -> str:
        """Import all; return what went wrong after a part of it was imported, empty if nothing did."""
        parts = [[one for one in self._files if one.mapping is None]]
        parts += [[one] for one in self._files if one.mapping is not None]
        for part in parts:
            if not part or self.stopped:
                continue
            try:
                self._ingest(part)
            except WorkbenchError as error:
                if not self.reports:
                    raise
                return str(error)
        return ""

    def _ingest(self, part: Sequence[ImportFile]) -> None:
        before = self._read

        def read(count: int, name: str) -> bool:
            self._read = before + count
            fraction = min(_READ, _READ * self._read / self._total)
            goes_on = self._report(fraction, f"Importing {name}, {self._read:,} of {self._total:,}")
            self.stopped = not goes_on
            return goes_on

        self.reports.append(
            self._workspace.ingest(
                [one.path for one in part],
                detect=False,
                on_change=self._choices.on_change,
                redact=list(self._choices.redact) or False,
                mapping=part[0].mapping,
                time_zone=self._choices.zone,
                sides=lambda path: self._sides.get(path, {}),
                progress=read,
            )
        )
