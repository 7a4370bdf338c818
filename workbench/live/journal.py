"""What is known of a live call, on disk as it comes: a file of JSON lines, which any process can follow.

The first line says which call it is; then each turn as it was heard, each with the events that came of it; last, how
the call ended. Who feeds the call holds a lock beside the file, so that a call that was left can be told from one that
goes on, and be taken up again.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import Timeout

from workbench.domain import plain_json
from workbench.domain.access import file_lock, make_folder, opener
from workbench.domain.errors import WrongState
from workbench.domain.live import LiveState
from workbench.store.disk import sync_folder
from workbench.store.sign_file import SignFile

KEPT_S = 24 * 3600.0
"""How long the journal of a call that ended can still be followed."""

READ = 262_144  # bytes at once
PATIENCE_S = 1.0  # for a feeder in this process that is just leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a journal begins with: the call without its turns, in the neutral form, and how it came.

    ``speed`` is that of a replay of a recorded call, None for a call that really goes on.
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
        """Starts the file, or goes on with what is there; holds it for this process until ``leave``.

        Raises:
            WrongState: another process feeds this call.
        """
        make_folder(self.file.parent)
        try:
            self._lock.acquire(timeout=PATIENCE_S)
        except Timeout:
            raise WrongState(f"call {call['id']!r} is fed by somebody else now; end it there first") from None
        self._durable = speed is None
        self._sign.begin()
        if self.file.exists():
            self._mend()
        if not self.file.exists() or not self.file.stat().st_size:
            self.write({"call": dict(call), "began": began.isoformat(), "speed": speed})

    def write(self, line: Mapping[str, Any]) -> None:
        """Add a line; once this returns, whoever follows sees it, and no crash of this process loses it.

        Of a call that really goes on, no power cut does either: the line is forced to the disk.
        """
        is_new = not self.file.exists()
        with open(self.file, "ab", opener=opener) as out:
            out.write(plain_json.dumps(line, ensure_ascii=True).encode() + b"\n")
            if self._durable:
                out.flush()
                os.fsync(out.fileno())
        if is_new and self._durable:
            sync_folder(self.file.parent)

    def leave(self) -> None:
        """Let go of it; does nothing where it isn't held."""
        self._sign.end()
        self._lock.release()

    def drop(self) -> None:
        """Delete the files."""
        self.leave()
        for one in self.file.parent.glob(f"{self.key}.*"):
            one.unlink(missing_ok=True)

    @property
    def heading(self) -> Heading | None:
        """None where there is no such journal, or nothing in it yet."""
        first = next(iter(self.lines()), None)
        if first is None:
            return None
        began = datetime.fromisoformat(first["began"])
        return Heading(key=self.key, call=first["call"], began=began, speed=first["speed"])

    @property
    def state(self) -> LiveState:
        """Whether the call goes on, was left or has ended; asking never disturbs its feeder."""
        if self._ended():
            return LiveState.ENDED
        return LiveState.LIVE if self._sign.is_alive else LiveState.LEFT

    def read(self, cursor: int, most: int = READ) -> tuple[list[dict[str, Any]], int]:
        """The whole lines from byte ``cursor`` on, about ``most`` bytes of them, and where to go on."""
        try:
            with self.file.open("rb") as file:
                file.seek(cursor)
                data = file.read(most)
                while data and b"\n" not in data and (more := file.read(most)):
                    data += more
        except FileNotFoundError:
            return [], cursor
        whole = data[: data.rfind(b"\n") + 1]
        return [json.loads(line) for line in whole.splitlines()], cursor + len(whole)

    def lines(self) -> Iterator[dict[str, Any]]:
        """All of them."""
        cursor = 0
        while True:
            found, cursor = self.read(cursor)
            if not found:
                return
            yield from found

    def _mend(self) -> None:
        """Takes away half a line that a crash left at the end."""
        data = self.file.read_bytes()
        if not data.endswith(b"\n"):
            os.truncate(self.file, data.rfind(b"\n") + 1)

    def _ended(self) -> bool:
        try:
            with self.file.open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - READ))
                last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
        except FileNotFoundError:
            return True
        return last.startswith(b'{"ended"')


def key_of(call_id: str, nth: int = 0) -> str:
    """The name of a call's journal; with ``nth`` that of its so-manieth replay."""
    digest = hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"{digest}-{nth}" if nth else digest


def journals(folder: Path, forget: bool = True) -> list[Journal]:
    """Return those that can be followed, the one that changed last first; ``forget`` those that ended long ago."""
    out: list[tuple[float, Journal]] = []
    for file in folder.glob("*.jsonl"):
        try:
            changed = file.stat().st_mtime
        except FileNotFoundError:
            continue
        one = Journal(folder, file.stem)
        if time.time() - changed > KEPT_S and one.state is LiveState.ENDED:
            if forget:
                one.drop()
        else:
            out.append((changed, one))
    return [one for _, one in sorted(out, key=lambda pair: -pair[0])]
