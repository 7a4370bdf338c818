"""The files of a corpus: appending to them, and loading them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from workbench.corpus.appending import AppendOutcome, KnownConversations, OnChange, batch_of, judged
from workbench.corpus.committing import commit
from workbench.corpus.damages import unreadable
from workbench.corpus.loading import Database
from workbench.corpus.manifest import Manifest, part_paths, read_manifest
from workbench.corpus.merging import LEASE, merge_small
from workbench.corpus.remote.outrun import again_when_outrun
from workbench.corpus.repeats import Repeat, is_checked, mark_checked, repeats_in
from workbench.corpus.replica import Replica
from workbench.corpus.sentences import SplitUnit
from workbench.corpus.tables import Batch, Item
from workbench.corpus.word_parts import words_of_part
from workbench.domain.files import writing_to
from workbench.domain.leases import reading


class LakeFiles:
    """A corpus's files: appended to under one lock, loaded when they have changed."""

    def __init__(self, root: str | os.PathLike[str], read_only: bool = False):
        self.root = Path(root)
        self._read_only = read_only
        self._replica = Replica(self.root)
        self._database = Database(self.root, read_only)

    def close(self) -> None:
        """Release the tables' memory; they are loaded again when needed."""
        self._database.close()

    @property
    def version(self) -> str:
        """Return the version, which changes with every append."""
        return self._manifest().version

    @property
    def is_empty(self) -> bool:
        return not self._manifest().parts

    @again_when_outrun
    def append(
        self, items: Sequence[Item], unit: SplitUnit = "sentence", on_change: OnChange = "reject"
    ) -> list[AppendOutcome]:
        """Add the conversations whose ids the lake does not contain: all of them or, when interrupted, none.

        The outcome of each is decided under the writers' lock, so that if two add the same conversation, only one does.
        Those to be replaced are only reported as "changed".
        """
        if not items:
            return []
        ids = [item.conversation.id for item in items]
        outcomes = judged(items, self._known(ids), on_change)
        if not any(one.state == "added" for one in outcomes):
            return outcomes
        with writing_to(self.root, "the corpus is as it was before", self._read_only):
            batch, reasons = batch_of(_news(outcomes, items), unit)  # takes long, so without the lock
            with self._replica.writing():
                again = judged(items, self._database.known(ids), on_change)
                if again != outcomes:  # others were added meanwhile
                    batch, reasons = batch_of(_news(again, items), unit)
                if len(batch):
                    self._commit(batch)
        return [
            AppendOutcome("refused", reasons[name]) if one.state == "added" and name in reasons else one
            for name, one in zip(ids, again, strict=True)
        ]

    def _commit(self, batch: Batch) -> None:
        before = read_manifest(self.root)
        was_checked = is_checked(self.root, before)
        after = commit(self.root, before, batch.tables())
        if was_checked:
            mark_checked(self.root, after)
        words_of_part(self.root, after, after.parts[-1])
        merge_small(self.root, after)

    def repeats(self) -> list[Repeat]:
        """Return copies of conversations that an earlier version imported twice at the same time; they are hidden."""
        return repeats_in(self._cursor())

    @property
    def is_checked(self) -> bool:
        """Return whether the current corpus was checked for such copies."""
        return is_checked(self.root, self._manifest())

    def mark_checked(self) -> None:
        """Note that it was checked."""
        with self._replica.writing():
            mark_checked(self.root, read_manifest(self.root))

    def content_hashes(self) -> dict[str, str]:
        """Return the hash of each conversation's content, by id."""
        rows = self._cursor().execute("SELECT id, content_hash FROM conversations").fetchall()
        return dict(rows)

    @contextmanager
    def _turns(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[str]]]:
        """Return the cursor and Parquet files to read turns, which are not loaded; raises ``WorkspaceDamaged``."""
        self._replica.look()
        with reading(self.root / LEASE):
            manifest = read_manifest(self.root)
            try:
                yield self._cursor(), part_paths(self.root, "turns", manifest.parts)
            except duckdb.Error as error:
                raise unreadable(self.root, manifest, error) from None

    def _manifest(self) -> Manifest:
        self._replica.look()
        return read_manifest(self.root)

    def _known(self, ids: Sequence[str]) -> dict[str, KnownConversations]:
        self._replica.look()
        return self._database.known(ids)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        self._replica.look()
        return self._database.cursor()

    def _named(self) -> None:
        """Make the tables that filters by names and further fields use."""
        self._replica.look()
        self._database.named()

    def _worded(self) -> duckdb.DuckDBPyConnection:
        self._replica.look()
        return self._database.worded()


def _news(outcomes: Sequence[AppendOutcome], items: Sequence[Item]) -> list[Item]:
    return [item for item, one in zip(items, outcomes, strict=True) if one.state == "added"]
