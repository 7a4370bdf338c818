"""The state: its integrity, and whether what it refers to is in the corpus and among the models."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from sqlalchemy import JSON, Engine, Text, bindparam, cast, delete, func, select, text, type_coerce, update

from workbench.checking.report import Problem
from workbench.corpus.manifest import Manifest, part_paths
from workbench.domain.errors import WorkbenchError
from workbench.domain.plurals import plural
from workbench.engine.keys import Keys
from workbench.engine.model_file import sha256
from workbench.reading.readers import has_file
from workbench.reading.versions import version_file
from workbench.store.credit_tables import credit_entries, credit_rules, unjudged
from workbench.store.definitions import DefinitionRepository
from workbench.store.failures import named
from workbench.store.metric_tables import metric_events, metric_values, metrics
from workbench.store.sqlite_file import RESTORE
from workbench.store.tables import answers, asked, definitions, detections, metadata, publications, trackers, wrong_hits

_KEPT = "what people said is kept; nothing to do"
_EMPTY = "(SELECT '' AS id, 0 AS number, 0 AS text_key WHERE false)"


class KnownRows:
    """The contents of the corpus, for look-ups."""

    def __init__(self, root: Path, manifest: Manifest, database: duckdb.DuckDBPyConnection):
        self.conversations = manifest.next_number  # they are numbered up to there, with gaps
        self._database = database
        for name, columns in (("conversations", "id"), ("sentences", "id, number, text_key")):
            source = f"read_parquet({part_paths(root, name, manifest.parts)!r})"
            found = f"SELECT {columns} FROM {source if manifest.parts else _EMPTY}"
            database.execute(f"CREATE OR REPLACE VIEW {name} AS {found}")

    def texts(self) -> Keys:
        """Return the key of every text, each once."""
        found = self._database.execute("SELECT DISTINCT text_key FROM sentences").fetchnumpy()
        return np.asarray(found["text_key"], dtype=np.int64)

    def strange(self, kind: str, ids: Sequence[str]) -> list[str]:
        """Return which of these are ids of nothing; ``kind`` is conversations or sentences."""
        return [one for (one,) in self._ask(kind, pa.table({"id": pa.array(list(ids), pa.string())}), "id")]

    def misplaced(self, found: Sequence[tuple[str, int]]) -> set[tuple[str, int]]:
        """Return which sentences are not there, or not in the conversation of this number."""
        table = pa.table(
            {
                "id": pa.array([one for one, _ in found], pa.string()),
                "number": pa.array([number for _, number in found], pa.int64()),
            }
        )
        return {(str(one), int(number)) for one, number in self._ask("sentences", table, "id, number")}

    def _ask(self, kind: str, asked: pa.Table, by: str) -> list[tuple[Any, ...]]:
        if not len(asked):
            return []
        self._database.register("asked", asked)
        sql = f"SELECT DISTINCT {by} FROM asked ANTI JOIN {kind} USING ({by}) ORDER BY 1"
        return self._database.execute(sql).fetchall()


def problems(engine: Engine, path: Path, known: KnownRows | None) -> Iterator[Problem]:
    """Yield what is wrong with a state of the newest version; ``known`` is None if the corpus cannot be read."""
    sound = list(_sound(engine))
    yield from sound
    if any(one.repair is None for one in sound):
        return
    yield from _balance(engine)
    yield from _of_trackers(engine)
    yield from _models(engine, path)
    if known is not None:
        yield from _cursors(engine, known.conversations)
        yield from _found(engine, known)
        yield from _said(engine, known)


def count_trackers(engine: Engine) -> int:
    """Return how many trackers there are, deleted ones too that can be restored."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(trackers).where(~trackers.c.erased)).scalar_one()


def _sound(engine: Engine) -> Iterator[Problem]:
    where = named(engine.url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            told = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(10)"))]
            if told != ["ok"]:
                yield Problem(where, f"SQLite finds damage ({told[0][:200]})", RESTORE)
                return
            lost = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
            if lost:
                names = ", ".join(sorted({str(row[0]) for row in lost}))
                what = f"{plural(len(lost), 'row')} of {names} {'is' if len(lost) == 1 else 'are'} orphaned"
                yield Problem(where, what, "a repair removes them", lambda: _drop_lost(engine))
        for table in metadata.sorted_tables:
            for column in (one for one in table.columns if isinstance(one.type, JSON)):
                plain = cast(column, Text) if engine.dialect.name == "postgresql" else type_coerce(column, Text)
                values = connection.execute(select(plain).where(plain.is_not(None))).scalars()
                bad = sum(not _is_json(value) for value in values)
                if bad:
                    do = "does" if bad == 1 else "do"
                    what = f"{plural(bad, 'row')} of {table.name} {do} not contain JSON in {column.name}"
                    yield Problem(where, what, RESTORE)


def _is_json(value: Any) -> bool:
    if isinstance(value, int | float):
        return True
    try:
        json.loads(value)
    except (ValueError, TypeError):
        return False
    return True


def _drop_lost(engine: Engine) -> None:
    with engine.begin() as connection:
        for table, row, *_ in connection.execute(text("PRAGMA foreign_key_check")).fetchall():
            if table in metadata.tables and row is not None:
                connection.execute(text(f'DELETE FROM "{table}" WHERE rowid = :row'), {"row": row})


def _balance(engine: Engine) -> Iterator[Problem]:
    with engine.connect() as connection:
        entered = connection.execute(select(func.coalesce(func.sum(credit_entries.c.amount), 0))).scalar_one()
        mine = credit_rules.c.name == "balance"
        told = connection.execute(select(credit_rules.c.amount).where(mine)).scalar() or 0
    if int(entered) != told:
        what = f"the balance is {told / 1e6:,.2f}, the entries come to {int(entered) / 1e6:,.2f}"

        def put_right() -> None:
            with engine.begin() as connection:
                connection.execute(update(credit_rules).where(mine).values(amount=int(entered)))

        yield Problem("credits", what, "a repair uses the entries", put_right)


def _of_trackers(engine: Engine) -> Iterator[Problem]:
    """Check the trackers that boards, playbooks and metrics name in JSON, which no database checks."""
    with engine.connect() as connection:
        there = set(connection.execute(select(trackers.c.id)).scalars())
        rows = connection.execute(select(definitions.c.id, definitions.c.kind, definitions.c.name, definitions.c.body))
        for row in rows.fetchall():
            gone = sorted(_named_in(row.body) - there)
            if gone:
                yield _definition_problem(engine, row, set(gone), there)
        for name, body in connection.execute(select(metrics.c.name, metrics.c.body)).fetchall():
            gone = sorted(_named_in(body) - there)
            if gone:
                what = f"its rule names {plural(len(gone), 'tracker that was', 'trackers that were')} deleted forever"
                yield Problem(f"metric {name!r}", what, "change its source, or delete it")


def _definition_problem(engine: Engine, row: Any, gone: set[str], there: set[str]) -> Problem:
    what = f"it names {plural(len(gone), 'tracker that was', 'trackers that were')} deleted forever"
    where = f"{row.kind} {row.name!r}"
    if not _named_in(row.body) & there:
        return Problem(where, what, "give it other trackers, or delete it")

    def drop() -> None:
        repository = DefinitionRepository(engine, row.kind)
        repository.change(row.id, lambda found: (found.name, _without(found.body, gone)))

    return Problem(where, what, "a repair removes them", drop)


_LISTS = ("trackers", "required")


def _named_in(body: Any) -> set[str]:
    """Return the trackers that a definition names, wherever it does."""
    if isinstance(body, list):
        return set().union(*map(_named_in, body)) if body else set()
    if not isinstance(body, dict):
        return set()
    out: set[str] = set()
    for name, value in body.items():
        if name in _LISTS and isinstance(value, list):
            out |= {one for one in value if isinstance(one, str)}
        elif name == "cases" and isinstance(value, list):
            out |= {one[1] for one in value if isinstance(one, list) and len(one) == 2}
        elif name == "applies" and isinstance(value, str) and value:
            out.add(value)
        else:
            out |= _named_in(value)
    return out


def _without(body: Any, gone: set[str]) -> Any:
    if isinstance(body, list):
        return [_without(one, gone) for one in body]
    if not isinstance(body, dict):
        return body
    return {
        name: [one for one in value if one not in gone]
        if name in _LISTS and isinstance(value, list)
        else _without(value, gone)
        for name, value in body.items()
    }


def _models(engine: Engine, path: Path) -> Iterator[Problem]:
    columns = (publications.c.tracker_id, publications.c.version, publications.c.definition, publications.c.model_hash)
    query = select(*columns, trackers.c.active_version).join(trackers)
    with engine.connect() as connection:
        rows = connection.execute(query).fetchall()
    for row in rows:
        if not has_file(row.definition):
            continue
        name, is_used = row.definition.get("name", row.tracker_id), row.active_version == row.version
        try:
            file = version_file(path, row.tracker_id, row.version)
            what = "" if sha256(file) == row.model_hash else "not the model that was published"
        except FileNotFoundError:
            what = "missing"
        except (OSError, WorkbenchError) as error:
            yield Problem(f"version {row.version} of {name!r}", str(error), RESTORE)
            continue
        if what:
            remedy = "restore a backup, or publish the tracker again" if is_used else "you cannot roll back to it"
            yield Problem(str(file), f"{what}: version {row.version} of {name!r}", remedy, is_note=not is_used)


def _cursors(engine: Engine, conversations: int) -> Iterator[Problem]:
    """Check that no version has read more than there is."""
    beyond = (
        (publications.c.next_upcoming > conversations)
        | (publications.c.past_left > publications.c.first_upcoming)
        | (publications.c.first_upcoming > conversations)
    )
    with engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(publications).where(beyond)).scalar_one()
    if not count:
        return

    def put_back() -> None:
        with engine.begin() as connection:
            for name in ("first_upcoming", "next_upcoming", "past_left"):
                column = publications.c[name]
                connection.execute(update(publications).where(column > conversations).values({name: conversations}))
            left = publications.c.past_left > publications.c.first_upcoming
            connection.execute(update(publications).where(left).values(past_left=publications.c.first_upcoming))

    what = f"{plural(count, 'version has', 'versions have')} read more conversations than the corpus contains"
    yield Problem("publications", what, "a repair moves them back to its end", put_back)


def _found(engine: Engine, known: KnownRows) -> Iterator[Problem]:
    with engine.connect() as connection:
        rows = connection.execute(select(detections.c.sentence_id, detections.c.number).distinct()).fetchall()
        count = connection.execute(
            select(func.count()).select_from(unjudged).where(unjudged.c.number >= known.conversations)
        ).scalar_one()
    gone = known.misplaced([(row.sentence_id, row.number) for row in rows])
    if gone:
        what = f"{len(gone):,} found sentences are not in the corpus"
        yield Problem("detections", what, "a repair removes them", lambda: _drop_found(engine, gone))
    if count:

        def drop() -> None:
            with engine.begin() as connection:
                connection.execute(delete(unjudged).where(unjudged.c.number >= known.conversations))

        what = f"{plural(count, 'call that waits for a judge is', 'calls that wait for a judge are')} not in the corpus"
        yield Problem("unjudged", what, "a repair removes them", drop)


def _drop_found(engine: Engine, gone: set[tuple[str, int]]) -> None:
    mine = (detections.c.sentence_id == bindparam("which")) & (detections.c.number == bindparam("of"))
    with engine.begin() as connection:
        connection.execute(delete(detections).where(mine), [{"which": one, "of": number} for one, number in gone])


def _said(engine: Engine, known: KnownRows) -> Iterator[Problem]:
    """Yield what people said of sentences and calls that are gone stays: it is theirs."""
    looked_at: tuple[tuple[Any, str, str], ...] = (
        (asked.c.sentence_id, "sentences", "asked sentences"),
        (answers.c.sentence_id, "sentences", "answered sentences"),
        (wrong_hits.c.sentence_id, "sentences", "wrong hits"),
        (metric_values.c.conversation_id, "conversations", "calls with a metric's value"),
        (metric_events.c.conversation_id, "conversations", "calls with an event"),
    )
    for column, kind, what in looked_at:
        with engine.connect() as connection:
            ids = connection.execute(select(column).distinct()).scalars().all()
        gone = known.strange(kind, ids)
        if gone:
            yield Problem(column.table.name, f"{len(gone):,} {what} are not in the corpus", _KEPT, is_note=True)
