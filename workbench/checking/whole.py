"""Checks a whole workspace without opening it, so that one that does not open can be repaired."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from sqlalchemy import Engine

from workbench.checking import corpus, state, stored, stores
from workbench.checking.report import CheckedCounts, Problem, Report
from workbench.corpus.lake import Lake
from workbench.corpus.manifest import read_manifest
from workbench.corpus.merging import LEASE
from workbench.domain.errors import NewerWorkspace, WorkbenchError, WorkspaceDamaged
from workbench.domain.files import plain_bytes
from workbench.domain.leases import reading
from workbench.domain.paths import resolved
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import DEFAULT_MODEL, Encoder, encoder_key
from workbench.engine.keys import Keys
from workbench.engine.word_store import WordStore
from workbench.resources.encoder_choice import own_encoder
from workbench.resources.opening import STATE_FILE, can_write, check_state, check_writable, prepare, refuse_links
from workbench.resources.redaction import default_redaction
from workbench.resources.vectors import TextVectors
from workbench.store.database import STATE, open_database
from workbench.store.upgrades import version_of

PASSES = 4  # a repair can bring to light what was hidden behind a damage


def check(
    path: str | os.PathLike[str], state: str | None = None, repair: bool = False, encoder: Encoder | None = None
) -> Report:
    """Check a workspace's files, hashes, counts, vectors and state against each other.

    Args:
        path: the folder.
        state: the state's database URL, as for ``wb.open``.
        repair: repairs what can be repaired: leftovers are removed, a manifest is rebuilt from its parts, vectors and
            words are rebuilt, and what the state refers to but does not exist is removed from it. What people answered,
            logged or said is never removed, and what is lost is never invented.
        encoder: the workspace's; by default the packaged one that it was made with.

    Raises:
        WorkspaceNotFound: there is no workspace.
        NewerWorkspace: a newer version of the workbench wrote it.
        ReadOnlyWorkspace: ``repair`` is True, and it cannot be written to.
    """
    one = _Check(resolved(path), state or os.environ.get(STATE), encoder)
    if not repair:
        return one.report()
    check_writable(one.path, one.read_only)
    done: list[Problem] = []
    for _ in range(PASSES):
        last = one.report(repairing=True)
        left = [problem for problem in last.problems if problem not in done]
        mendable = [(problem, problem.repair) for problem in left if problem.repair is not None]
        if not mendable:
            break
        for problem, mend in mendable:
            with suppress(WorkbenchError, OSError):  # what could not be mended the last look tells
                mend()
            done.append(problem)
    else:
        last = one.report()
    return replace(last, repaired=tuple(problem for problem in done if problem not in last.problems))


class _Check:
    def __init__(self, path: Path, state: str | None, encoder: Encoder | None):
        self.path = path
        self.read_only = not can_write(path)
        self._linked = _links_of(path)
        if not self._linked:
            prepare(path, create=False)
        self._state = state
        self._encoder = encoder
        self._model = DEFAULT_MODEL

    def report(self, repairing: bool = False) -> Report:
        """Check everything once."""
        if self._linked:
            return Report(path=str(self.path), counts=CheckedCounts(), problems=(self._linked,))
        unreachable = tuple(stored.bring_up_to_date(self.path / "corpus"))
        with reading(self.path / "corpus" / LEASE), duckdb.connect() as database:
            found = self._report(repairing, database)
        return replace(found, problems=(*unreachable, *found.problems))

    def _report(self, repairing: bool, database: duckdb.DuckDBPyConnection) -> Report:
        root = self.path / "corpus"
        found = list(stored.problems(root))
        named = {one.where for one in found}
        found += [one for one in corpus.problems(root, database, self.read_only) if one.where not in named]
        manifest = None if any(not one.is_note for one in found) else read_manifest(root)
        known = None if manifest is None else state.KnownRows(root, manifest, database)
        told, counts = self._state_problems(known, repairing)
        found += told
        found += self._store_problems(None if known is None else known.texts())
        found += self._live_problems()
        own = self.path / "vectors" / self._key
        return Report(
            path=str(self.path),
            counts=CheckedCounts(
                conversations=None if manifest is None else manifest.conversations,
                sentences=None if manifest is None else manifest.sentences,
                vectors=stores.count_vectors(own),
                **counts,
            ),
            problems=tuple(found),
        )

    def _state_problems(self, known: state.KnownRows | None, repairing: bool) -> tuple[list[Problem], dict[str, Any]]:
        file = self.path / STATE_FILE
        if not self._state:
            try:
                check_state(self.path)
            except WorkspaceDamaged as error:
                what = str(error).removeprefix(f"{file}: ").partition(". ")[0]
                remedy = "restore a backup or give the state's database; a repair creates an empty one"
                return [Problem(str(file), what, remedy, self._begin_state)], {}
        try:
            with self._database(repairing) as engine:
                counts = {"state": version_of(engine), "trackers": state.count_trackers(engine)}
                self._model = own_encoder(engine)
                counts["redaction"] = ", ".join(default_redaction(engine)) or None
                return list(state.problems(engine, self.path, known)), counts
        except NewerWorkspace:
            raise
        except WorkbenchError as error:
            where, _, what = str(error).partition(": ")
            return [Problem(where, what.partition("; ")[0], what.partition("; ")[2] or "see above")], {}

    @contextmanager
    def _database(self, repairing: bool) -> Iterator[Engine]:
        """Open the state; it is only upgraded in a copy."""
        where = self._state or self.path / STATE_FILE
        read_only = self.read_only or not (repairing or self._is_on_server())
        engine = open_database(where, self.path / "backups", read_only)
        try:
            yield engine
        finally:
            if not repairing:
                engine.dispose()

    def _is_on_server(self) -> bool:
        return bool(self._state) and "://" in str(self._state) and not str(self._state).startswith("sqlite")

    def _begin_state(self) -> None:
        (self.path / STATE_FILE).unlink(missing_ok=True)
        open_database(self.path / STATE_FILE).dispose()

    def _store_problems(self, keys: Keys | None) -> Iterator[Problem]:
        for folder in _folders(self.path / "vectors"):
            yield from stores.vector_problems(folder, keys, self._key, self._dimension(), self._encode)
        yield from stores.word_problems(stores.own_words(self.path), keys, self._words)

    @property
    def _key(self) -> str:
        return self._encoder.key if self._encoder is not None else encoder_key(self._model)

    def _dimension(self) -> int | None:
        """None of an encoder that would have to be started to be asked."""
        return None if self._encoder is None or hasattr(self._encoder, "about") else self._encoder.dimension

    def _encode(self) -> None:
        lake, words = Lake(self.path / "corpus"), WordStore(stores.own_words(self.path))
        try:
            TextVectors(lake, self._encoder or SharedEncoder(self._model), self.path / "vectors", words).encode()
        finally:
            lake.close()

    def _words(self) -> None:
        lake = Lake(self.path / "corpus")
        for batch in lake.distinct_texts():
            keys, texts = batch.to_pydict().values()
            WordStore(stores.own_words(self.path)).append(np.array(keys, dtype=np.int64), texts)
        lake.close()

    def _live_problems(self) -> Iterator[Problem]:
        for file in sorted((self.path / "live").glob("*.jsonl")):
            try:
                data = plain_bytes(file)
            except (WorkspaceDamaged, FileNotFoundError) as error:
                yield Problem(str(file), str(error), "move it away")
                continue
            whole = data.rfind(b"\n") + 1
            bad = [at for at, line in enumerate(data[:whole].splitlines(), 1) if not _is_object(line)]
            if bad:
                yield Problem(str(file), f"line {bad[0]} is damaged", "the lines before it can be read by hand")
            elif whole < len(data):
                what = "the last line was cut off"
                yield Problem(str(file), what, "it is removed when the call continues", is_note=True)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line.decode()), dict)
    except ValueError:
        return False


def _links_of(path: Path) -> Problem | None:
    try:
        refuse_links(path)
    except WorkspaceDamaged as error:
        where, _, what = str(error).partition(": ")
        return Problem(where, what.partition("; ")[0], what.partition("; ")[2])
    return None


def _folders(path: Path) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []
