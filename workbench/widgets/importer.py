"""An importer for transcripts: drop files, check them, and import them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast, get_args

from workbench.corpus.appending import OnChange
from workbench.corpus.formats import mapping_of
from workbench.corpus.formats.mapping_choices import MappingChoices, mapping_choices
from workbench.corpus.redaction.kinds import CHOICES, redaction_kinds
from workbench.domain.conversations import Side
from workbench.domain.errors import CannotWrite, WorkbenchError
from workbench.domain.plurals import plural
from workbench.domain.progress import ReportProgress
from workbench.domain.time_zones import time_zone
from workbench.resources.jobs import Job
from workbench.widgets import import_views, traits
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.bundles import css, esm
from workbench.widgets.import_download import is_address
from workbench.widgets.import_files import MAX_WAITING_FILES, ImportFiles
from workbench.widgets.import_reports import ImportReports
from workbench.widgets.import_work import FileDefaults, ImportChoices, bring_in, fetch_and_look, look
from workbench.widgets.protocol import (
    ImportDetailsView,
    ImportFileView,
    ImportMappingView,
    ImportOfferView,
    ImportReportView,
    ImportTakenView,
    ImportView,
)
from workbench.widgets.snapshots import Snapshot

READS_ONLY = "This page only shows results, so nothing can be imported here. Open a notebook to import calls."
READ_ONLY = (
    "This workspace is opened for reading only, so nothing can be imported. Open it without read_only=True, in a "
    "folder that you can write to."
)
NO_TRANSCRIPT = (
    "Recordings, pictures, web pages, PDF files and programs have no transcript that can be read. Add the transcript "
    "that your tool exports."
)
START: ImportView = {
    "phase": "idle",
    "fraction": 0.0,
    "message": "",
    "blocked": "",
    "passed_over": 0,
    "redact": [],
    "kinds": list(CHOICES),
    "zone": "UTC",
    "workspace_zone": "UTC",
    "report": None,
    "reports": [],
}


class CallImporter(WorkbenchWidget):
    """Drop files or a folder, see what was recognised in each, say who is who, and import.

    Uploaded files are in a private temporary folder until they are imported, removed, or the kernel ends. Nothing is
    imported before someone presses Import.
    """

    _esm = esm("importer")
    _css = css("importer")

    requests = frozenset(
        {
            "open",
            "offer",
            "put",
            "add",
            "look",
            "details",
            "side",
            "others",
            "zone",
            "map",
            "remove",
            "clear",
            "bring",
            "stop",
            "progress",
            "report",
        }
    )

    files = traits.records(ImportFileView).tag(sync=True)
    """The waiting files, with what was found in them."""

    state = traits.record(ImportView, START).tag(sync=True)
    """The progress, and the last report (``protocol.ImportView``)."""

    def __init__(self, workspace: Any, **kwargs: Any) -> None:
        self.held = ImportFiles()
        self._job: Job[Any] | None = None
        self._done: Callable[[Any], None] = lambda _: None
        self._choices: dict[int, MappingChoices | None] = {}
        self._zone = ""  # the time zone selected here; empty for the workspace's own
        self._threads = ThreadPoolExecutor(1, "import")
        self._reports = ImportReports(Path(workspace.path))
        super().__init__(workspace, **kwargs)
        self._show(phase="blocked" if self._blocked() else "idle", blocked=self._blocked(), **self._zones())

    def _snapshot(self) -> Snapshot:
        return Snapshot(f"{plural(self.workspace.lake.sentence_count, 'sentence')} in this workspace")

    def on_open(self) -> None:
        """Update what is shown: the workspace's redaction and time zone, and the stored reports."""
        self._settle()
        if self._blocked():
            self._show(phase="blocked", blocked=self._blocked())
            return
        heads = self._reports.heads()
        shown = self.state["report"] or (self._reports.read(heads[0]["id"]) if heads else None)
        self._show(redact=list(self.workspace.redaction), reports=heads, report=shown, **self._zones())

    def on_offer(self, files: list[ImportOfferView]) -> list[ImportTakenView]:
        """Reserve space for files that the page will upload; return for each whether it is accepted, and why not."""
        self._ready()
        out: list[ImportTakenView] = []
        passed = 0
        for one in files[: MAX_WAITING_FILES + 1]:
            path, size = one.get("path"), one.get("size")
            if not isinstance(path, str) or not isinstance(size, int) or isinstance(size, bool):
                raise WorkbenchError("This page sent a file without a name or a size. Reload the page.")
            try:
                file = self.held.offer(path, size)
            except CannotWrite:
                raise
            except WorkbenchError as error:
                out.append({"id": None, "reason": str(error)})
                continue
            in_folder = "/" in path
            passed += file is None and in_folder
            reason = "" if file or in_folder else NO_TRANSCRIPT
            out.append({"id": file.id if file else None, "reason": reason})
        self._pass_over(passed)
        return out

    def on_put(self, file: int, at: int, data: str) -> int:
        """Receive bytes of a file from ``at`` on, in base64; return how many have been received."""
        self._ready()
        return self.held.put(file, at, data)

    def on_add(self, place: str) -> None:
        """Add a file or a folder by its path, or download a file from an address."""
        self._ready()
        if not place.strip():
            raise WorkbenchError("Give a path or an address.")
        if not is_address(place):
            self._pass_over(self.held.add_path(place))
            self._look()
            return

        self._begin("looking", lambda report: fetch_and_look(self.held, place, self._known, report), self._pass_over)

    def on_look(self) -> None:
        """Read the received files, in the background."""
        self._ready()
        self._look()

    def on_details(self, file: int) -> ImportDetailsView:
        """Return the first turns of a file, and the choices for mapping its parts."""
        found = self.held.get(file)
        view = import_views.file(found)
        if file not in self._choices:
            self._choices[file] = mapping_choices(found.path) if view["mappable"] else None
        return import_views.details(found, self._choices[file])

    def on_side(self, speaker: str, side: str, file: int | None = None) -> None:
        """Set which side a speaker is on, in one file or in all files with this name."""
        self._ready()
        _check_side(side)
        for one in self.held.all() if file is None else [self.held.get(file)]:
            if one.preview and any(who.id == speaker for who in one.preview.speakers):
                one.sides[speaker] = side
        self._list()

    def on_others(self, side: str) -> None:
        """Set the side of everyone whose side is unknown."""
        self._ready()
        _check_side(side)
        for one in self.held.all():
            for who in one.preview.speakers if one.preview else ():
                if not one.sides.get(who.id, who.side):
                    one.sides[who.id] = side
        self._list()

    def on_zone(self, zone: str) -> None:
        """Set the zone of starts without an offset, by an IANA name; empty for the workspace's own."""
        self._ready()
        self._zone = time_zone(zone.strip()).key if zone.strip() else ""
        self._show(**self._zones())
        self._look(anew=True)

    def on_map(self, file: int, mapping: ImportMappingView | None = None) -> None:
        """Read a file with a mapping; without one, as it was recognised."""
        self._ready()
        found = self.held.get(file)
        told = mapping_of(import_views.mapping(mapping)) if mapping is not None else None
        found.mapping, found.preview = told, None
        self._look()

    def on_remove(self, file: int) -> None:
        """Remove a file from the list."""
        self._ready()
        self.held.remove(file)
        self._choices.pop(file, None)
        self._list()

    def on_clear(self) -> None:
        """Remove all files from the list."""
        self._ready()
        self._empty()

    def on_bring(self, on_change: str, redact: list[str]) -> None:
        """Import all files in the list, in the background."""
        self._ready()
        if on_change not in get_args(OnChange):
            raise WorkbenchError("Calls that are known are replaced, kept or rejected.")
        files = self.held.all()
        if not any(one.preview and one.preview.found for one in files):
            raise WorkbenchError("There is nothing to import yet. Add files first.")
        choices = ImportChoices(cast("OnChange", on_change), redaction_kinds(redact), self._zones()["zone"])

        def work(report: ReportProgress) -> ImportReportView:
            told = bring_in(self.workspace, files, choices, report)
            self._reports.keep(told)
            return told

        self._begin("importing", work, self._brought)

    def on_stop(self) -> None:
        """Stop reading, downloading or importing; what is already imported stays."""
        if self._job is not None:
            self._job.cancel()

    def on_progress(self) -> None:
        """Show the progress, and the outcome once it is over."""
        self._settle()

    def on_report(self, report: str) -> None:
        """Show a stored report."""
        self._show(report=self._reports.read(report))

    def close(self) -> None:
        """Delete uploaded files."""
        self.held.clear()
        super().close()

    def _blocked(self) -> str:
        """Return why nothing can be imported here; empty if it can."""
        return READS_ONLY if self.reads_only else READ_ONLY if self.workspace.read_only else ""

    def _ready(self) -> None:
        if reason := self._blocked():
            raise WorkbenchError(reason)
        self._settle()
        if self._job is not None:
            raise WorkbenchError("Wait until this is done, or cancel it.")

    @property
    def _known(self) -> FileDefaults:
        return FileDefaults(time_zone(self._zones()["zone"]), self.workspace.company.known())

    def _zones(self) -> dict[str, str]:
        own = self.workspace.time_zone
        return {"zone": self._zone or own, "workspace_zone": own}

    def _look(self, *, anew: bool = False) -> None:
        self._list()
        if any((anew or one.preview is None) and one.has_come for one in self.held.all()):
            self._begin("looking", lambda report: look(self.held.all(), self._known, report, anew=anew))

    def _begin(
        self, phase: str, work: Callable[[ReportProgress], Any], done: Callable[[Any], None] | None = None
    ) -> None:
        self.error = ""
        self._done = done or (lambda _: None)
        self._show(phase=phase, fraction=0.0, message="")
        self._job = Job(work, self._threads)
        self._news.follow("import", "", self._job)

    def _settle(self) -> None:
        """Process the outcome of the work."""
        job = self._job
        if job is None:
            return
        if not job.done:
            self._show(fraction=job.fraction, message=job.message)
            return
        self._job = None
        try:
            result = job.result()
        except Exception as error:  # noqa: BLE001, shown in the widget
            self.error = self._failure(error)["message"]
        else:
            self._done(result)
        self._list(phase="idle", fraction=0.0, message="")

    def _pass_over(self, count: int) -> None:
        self._show(passed_over=self.state["passed_over"] + count)

    def _brought(self, report: ImportReportView) -> None:
        if not report["stopped"] and not report["failed"]:
            self._empty()
        self._show(report=report, reports=self._reports.heads())

    def _empty(self) -> None:
        self.held.clear()
        self._choices.clear()
        self._list(passed_over=0)

    def _list(self, **changes: Any) -> None:
        with self.hold_sync():
            self.files = [import_views.file(one) for one in self.held.all()]
            self._show(**changes)

    def _show(self, **changes: Any) -> None:
        if changes:
            self.state = cast("ImportView", {**self.state, **changes})


def _check_side(side: str) -> None:
    if side not in ("", *Side):
        raise WorkbenchError("A side is company or customer, or empty where it is not known.")
