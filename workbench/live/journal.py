"""The journal of a live call: a file of JSON lines, written as turns come in, which any process can follow.

The first line says which call it is; then each turn as it was heard, each with the events that it caused; last, how the
call ended. Who feeds the call holds a lock beside the file, so that a call that was left can be told from one that goes
on, and be taken up again.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from filelock import Timeout

from workbench.domain import plain_json
from workbench.domain.access import file_lock, make_folder, opener
from workbench.domain.errors import WorkspaceDamaged, WrongState
from workbench.domain.files import plain_bytes, plain_file
from workbench.domain.live import LiveState
from workbench.domain.unreadable import Unreadable
from workbench.live.lines import DAMAGED, MAX_LINE, JournalLine, checked, read_line
from workbench.store.disk import sync_folder
from workbench.store.sign_file import SignFile

KEPT_S = 24 * 3600.0
"""How long the journal of a call that ended can still be followed."""

READ = 262_144  # bytes at once
HEADING = 4_096  # bytes that a first line usually fits in
NO_HEADING = "damaged: its first line, which says what call it is, cannot be read; move the file away"
PATIENCE_S = 1.0  # for a feeder in this process that is just leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalHeading:
    """The beginning of a journal: the call without its turns, in the neutral form, and its source.

    ``speed`` is the speed of a replay; None for a real live call.
    """

    key: str
    call: Mapping[str, Any]
    began: datetime
    speed: float | None

    @property
    def call_id(self) -> str:
        return str(self.call["id"])


class Journal:
    """One live call's file. ``key`` names it; a replay's is its own, so that a call can be replayed many times."""

    def __init__(self, folder: Path, key: str):
        self.key = key
        self.file = folder / f"{key}.jsonl"
        self._lock = file_lock(self.file.with_suffix(".lock"), thread_local=False)  # the call's own thread leaves it
        self._sign = SignFile(self.file.with_suffix(".alive"))
        self._durable = True

    def begin(self, call: Mapping[str, Any], began: datetime, speed: float | None = None) -> None:
        """Start the file, or continue an existing one; holds it for this process until ``leave``.

        Raises:
            WrongState: another process feeds this call.
            WorkspaceDamaged: there is a link or something else in place of the file.
        """
        make_folder(self.file.parent)
        no_link(self.file.parent)
        try:
            self._lock.acquire(timeout=PATIENCE_S)
        except Timeout:
            raise WrongState(f"call {call['id']!r} is already open in another process; end it there first") from None
        self._durable = speed is None
        self._sign.begin()
        try:
            size = self._mend()
        except BaseException:
            self.leave()
            raise
        if not size:
            self.write({"call": dict(call), "began": began.isoformat(), "speed": speed})

    def write(self, line: Mapping[str, Any]) -> None:
        """Add a line; once this returns, followers see it, and it survives a crash of this process.

        For a real live call it also survives a power cut: the line is synced to disk.
        """
        is_new = not self.file.exists()
        with open(self.file, "ab", opener=lambda path, flags: opener(path, flags | os.O_NOFOLLOW)) as out:
            out.write(plain_json.dumps(line, ensure_ascii=True).encode() + b"\n")
            if self._durable:
                out.flush()
                os.fsync(out.fileno())
        if is_new and self._durable:
            sync_folder(self.file.parent)

    def leave(self) -> None:
        """Release it; does nothing if it isn't held."""
        self._sign.end()
        self._lock.release()

    def drop(self) -> None:
        """Delete the files."""
        self.leave()
        for one in self.file.parent.glob(f"{self.key}.*"):
            one.unlink(missing_ok=True)

    @property
    def heading(self) -> JournalHeading | None:
        """None if there is no such journal, or nothing in it yet; raises ``WorkspaceDamaged``."""
        lines, _ = self.read(0, HEADING)
        if not lines:
            return None
        first = checked(lines[0])
        if "call" not in first:
            raise WorkspaceDamaged(f"{self.file}: {NO_HEADING}")
        began = datetime.fromisoformat(first["began"])
        return JournalHeading(key=self.key, call=first["call"], began=began, speed=first.get("speed"))

    @property
    def state(self) -> LiveState:
        """Return whether the call is in progress, was left or has ended; asking never disturbs its feeder."""
        if self._ended():
            return LiveState.ENDED
        return LiveState.LIVE if self._sign.is_alive else LiveState.LEFT

    def read(self, cursor: int, most: int = READ) -> tuple[list[JournalLine], int]:
        """Return the whole lines from byte ``cursor`` on, about ``most`` bytes of them, and where to continue.

        ``DAMAGED`` stands for each that cannot be read. Raises ``WorkspaceDamaged`` if the file cannot be.
        """
        try:
            with plain_file(self.file) as file:
                file.seek(cursor)
                data = file.read(most)
                while data and b"\n" not in data and len(data) <= MAX_LINE and (more := file.read(most)):
                    data += more
                if len(data) > MAX_LINE and b"\n" not in data:
                    return _passed_over(file, cursor, most)
        except FileNotFoundError:
            return [], cursor
        whole = data[: data.rfind(b"\n") + 1]
        return [read_line(line) for line in whole.split(b"\n")[:-1]], cursor + len(whole)

    def lines(self) -> Iterator[JournalLine]:
        """Yield all of them, as ``read`` gives them."""
        cursor = 0
        while True:
            found, cursor = self.read(cursor)
            if not found:
                return
            yield from found

    def _mend(self) -> int:
        """Remove half a line that a crash left at the end; return the size after that, 0 if there is no file."""
        try:
            data = plain_bytes(self.file)
        except FileNotFoundError:
            return 0
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.truncate(self.file, whole)
        return whole

    def _ended(self) -> bool:
        try:
            with plain_file(self.file) as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - READ))
                last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
        except FileNotFoundError:
            return True
        return last.startswith(b'{"ended"')


def no_link(folder: Path) -> None:
    """Raise ``WorkspaceDamaged`` if the journals' folder is a link: it would lead out of the workspace."""
    if folder.is_symlink():
        raise WorkspaceDamaged(f"{folder}: a link; put a folder in its place, as links are not followed")


def _passed_over(file: BinaryIO, cursor: int, most: int) -> tuple[list[JournalLine], int]:
    """Return an overlong line, and where the next begins; nothing until its end has arrived."""
    file.seek(cursor)
    while data := file.read(most):
        if (end := data.find(b"\n")) >= 0:
            return [DAMAGED], file.tell() - len(data) + end + 1
    return [], cursor


def key_of(call_id: str, nth: int = 0) -> str:
    """Return the name of a call's journal; with ``nth``, that of its nth replay."""
    digest = hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"{digest}-{nth}" if nth else digest


class Journals(list[Journal]):
    """Journals that can be followed; ``unreadable`` lists what cannot be read.

    Links, folders and files without a beginning are of that sort.
    """

    def __init__(self, found: Iterable[Journal] = (), unreadable: Sequence[Unreadable] = ()) -> None:
        super().__init__(found)
        self.unreadable = list(unreadable)


def journals(folder: Path, forget: bool = True) -> Journals:
    """Return those that can be followed, the most recently changed first; ``forget`` those that ended long ago."""
    out: list[tuple[float, Journal]] = []
    bad: list[Unreadable] = []
    try:
        no_link(folder)
        files = sorted(folder.glob("*.jsonl"))
    except (OSError, WorkspaceDamaged) as error:
        return Journals(unreadable=[Unreadable("folder", folder.name, str(error))])
    for file in files:
        try:
            changed, one = file.lstat().st_mtime, Journal(folder, file.stem)
            one.heading  # noqa: B018, raises if there is none
            is_over = time.time() - changed > KEPT_S and one.state is LiveState.ENDED
        except FileNotFoundError:
            continue
        except (OSError, WorkspaceDamaged) as error:
            bad.append(Unreadable("live call", file.name, str(error)))
            continue
        if is_over and forget:
            one.drop()
        elif not is_over:
            out.append((changed, one))
    return Journals([one for _, one in sorted(out, key=lambda pair: -pair[0])], bad)
