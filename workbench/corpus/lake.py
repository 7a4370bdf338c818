"""The lake: conversations and sentences as Parquet parts, queried with DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from workbench.corpus.context import context_of
from workbench.corpus.distinct_texts import distinct_texts_of, text_keys_of
from workbench.corpus.exporting import whole_of
from workbench.corpus.extent import Extent, extent_of, marks_of, placed_in
from workbench.corpus.facets import facets_of
from workbench.corpus.filters_sql import within
from workbench.corpus.headings import begun_between, headings_of, started_of
from workbench.corpus.lake_names import LakeNames
from workbench.corpus.lake_sides import LakeSides
from workbench.corpus.manifest import Span
from workbench.corpus.paging import card_of, cards_of
from workbench.corpus.people import main_names
from workbench.corpus.said import by_words, said_in, sides_of, sizes_of, texts_of
from workbench.corpus.search import among, known_of, matching
from workbench.corpus.transcript import breaks_in, lines_of, matches_in, outline_of, turns_of
from workbench.corpus.twins import Twins
from workbench.corpus.units import counted, how_many
from workbench.corpus.views import Card, Counts, Facets, Heading, Line, Outline, SentenceInContext
from workbench.domain.call_sample import CallSample
from workbench.domain.conversations import Conversation, Turn
from workbench.domain.errors import ConversationNotFound
from workbench.domain.filters import Filters
from workbench.domain.reach import Reach
from workbench.domain.words import Phrase

_FROM = "FROM sentences s JOIN conversations c ON c.number = s.number"
_HIDDEN = ("number", "first_row", "content_hash")


class Lake(LakeNames, LakeSides):
    """A folder of conversations. Any number of readers and writers, in any number of processes.

    Readers see complete batches only, those committed when the query runs. Thread-safe.
    """

    @cached_property
    def twins(self) -> Twins:
        """Return the index of conversations that say the same as others."""
        return Twins(self.root)

    def counts(self, filters: Filters | None = None) -> Counts:
        """Return how many sentences, conversations and calls pass the filters."""
        where = self._where(filters)
        passing = (
            f"SELECT s.number, any_value(c.kind) AS kind, count(*) AS sentences {_FROM} WHERE {where.sql} GROUP BY 1"
        )
        if where.is_of_conversations:  # then no sentence has to be read
            passing = f"SELECT number, kind, sentences FROM conversations c WHERE c.sentences > 0 AND ({where.sql})"
        sql = f"SELECT count(*), count(*) FILTER (kind = 'call'), coalesce(sum(sentences), 0)::BIGINT FROM ({passing})"
        found = self._cursor().execute(sql, where.values).fetchone() or (0, 0, 0)
        return Counts(conversations=found[0], calls=found[1], sentences=found[2])

    def conversations(self, filters: Filters | None = None) -> pd.DataFrame:
        """Return the conversations with a sentence that passes the filters, one per row, oldest import first."""
        where = self._where(filters)
        sql = (
            f"SELECT c.* EXCLUDE ({', '.join(_HIDDEN)}) FROM conversations c WHERE c.number IN "
            f"(SELECT s.number {_FROM} WHERE {where.sql}) ORDER BY c.number"
        )
        table: pd.DataFrame = self._cursor().sql(sql, params=where.values).to_arrow_table().to_pandas()
        found = table.assign(started=self._local(table["started"]))
        aliases = self.conventions().aliases
        accounts, teams = main_names(found["account"], "account", aliases), main_names(found["team"], "team", aliases)
        return found.assign(account=accounts, team=teams)

    def pool(
        self,
        filters: Filters | None = None,
        numbers: range | None = None,
        since: datetime | None = None,
        sample: CallSample | None = None,
    ) -> pa.Table:
        """Return the sentences that pass: row, id, text_key, before_key, number, conversation_id, in row order.

        Only from the conversations with these numbers, and those in a ``sample``; and, with ``since``, from those that
        began then or later, or at an unknown time.
        """
        where = within(self._where(filters), numbers, since, sample=sample)
        sql = (
            "SELECT s.row, s.id, s.text_key, s.before_key, s.number, s.conversation_id "
            f"{_FROM} WHERE {where.sql} ORDER BY s.row"
        )
        return self._cursor().sql(sql, params=where.values).to_arrow_table()

    def said_in(
        self,
        filters: Filters | None = None,
        numbers: range | None = None,
        since: datetime | None = None,
        batch: int = 20_000,
    ) -> Iterator[pa.RecordBatch]:
        """Yield the sentences that ``pool`` would return.

        Batches contain id, number, text and the conversation's language.
        """
        yield from said_in(self._cursor(), self._where(filters), numbers, since, batch)

    def sizes(
        self, filters: Filters | None = None, numbers: range | None = None, since: datetime | None = None
    ) -> pa.Table:
        """Return the size of what ``pool`` would return of each conversation.

        Columns: number, id, started, kind, characters, and a digest.
        """
        return sizes_of(self._cursor(), self._where(filters), numbers, since)

    @property
    def size(self) -> int:
        """Return the number of the next conversation; numbers count from 0 in the order of import.

        It is the number of conversations ever imported: a deleted one leaves a gap, and so does a hidden copy.
        """
        return self._manifest().next_number

    @property
    def sentence_count(self) -> int:
        """Return the number of sentences, hidden copies included; read from the manifest alone."""
        return self._manifest().sentences

    def conversation_ids(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the ids of the conversations with these numbers."""
        sql = "SELECT number, id FROM conversations WHERE number IN (SELECT unnest(?::BIGINT[]))"
        return dict(self._cursor().execute(sql, [list(numbers)]).fetchall())

    def started(self, numbers: Iterable[int]) -> dict[int, datetime | None]:
        """Return when the conversations with these numbers began.

        None if unknown; numbers without a conversation are left out.
        """
        return started_of(self._cursor(), numbers)

    def headings(self, numbers: Iterable[int]) -> dict[int, Heading]:
        """Return what a list shows about the conversations with these numbers; unknown ones are left out."""
        return self._names.headings(headings_of(self._cursor(), numbers, self.zone))

    def begun(self, since: datetime, until: datetime, filters: Filters | None = None) -> dict[int, Heading]:
        """Return by number the conversations that began then, ``until`` included, and have a sentence that passes."""
        found = begun_between(self._cursor(), self._where(filters), since, until, self.zone)
        return self._names.headings(found)

    def cards(
        self,
        filters: Filters | None = None,
        limit: int = 100,
        after: int | None = None,
        newest: bool = False,
        among: Sequence[int] | None = None,
    ) -> list[Card]:
        """Return a page of the conversations with a sentence that passes.

        See :func:`workbench.corpus.paging.cards_of`.
        """
        found = cards_of(self._cursor(), self._where(filters), limit, after, newest, among, self.zone)
        return [self._names.card(one) for one in found]

    def card(self, conversation_id: str) -> Card:
        """Return a conversation's card by its id; raises ``ConversationNotFound``."""
        found = card_of(self._cursor(), conversation_id, self.zone)
        if found is None:
            raise ConversationNotFound(f"The workspace has no conversation {conversation_id!r}.")
        return self._names.card(found)

    def labels(self, filters: Filters | None = None) -> pa.Table:
        """Return the ground truth of the sentences that pass: row, labels, in row order. For simulation only."""
        where = self._where(filters)
        sql = f"SELECT s.row, s.labels {_FROM} WHERE {where.sql} ORDER BY s.row"
        return self._cursor().sql(sql, params=where.values).to_arrow_table()

    def sentences(self, ids: Sequence[str], width: int = 2) -> dict[str, SentenceInContext]:
        """Return each sentence with up to ``width`` sentences before and after it; unknown ids are left out."""
        return self._names.sentences(context_of(self._cursor(), ids, width, self.zone))

    def said(self, words: Sequence[str], filters: Filters | None, count: int) -> list[str]:
        """Return ids of sentences with the rarest of ``words``, best first, each text once."""
        return by_words(self._worded(), words, self._where(filters), count)

    def texts(self, filters: Filters | None = None) -> pa.Table:
        """Return the distinct texts that pass.

        Columns: text_key, the id of the first sentence with this text, and the number of ``times`` it occurs.
        """
        return texts_of(self._cursor(), self._where(filters))

    def sides(self, keys: Sequence[int]) -> dict[int, set[str]]:
        """Return the sides that say the texts with these keys; texts nobody says, and unknown sides, are left out."""
        return sides_of(self._cursor(), keys)

    def outline(self, conversation_id: str) -> Outline:
        """Return a conversation without its text.

        Raises:
            ConversationNotFound: there is none with this id.
        """
        found = outline_of(self._cursor(), conversation_id, self.zone)
        if found is None:
            raise ConversationNotFound(f"The workspace has no conversation {conversation_id!r}.")
        return self._names.outline(found)

    def lines(self, outline: Outline, start: int, count: int) -> list[Line]:
        """Return a page of a conversation.

        It has at most ``count`` sentences, from the one at ``start`` on, counted from 0.
        """
        return self._names.lines(outline.id, lines_of(self._cursor(), outline, start, count))

    def matches(self, outline: Outline, words: str) -> list[int]:
        """Return the indices of the conversation's sentences with ``words``; see :mod:`workbench.domain.words`."""
        return matches_in(self._cursor(), outline, words)

    def breaks(self, outline: Outline) -> list[int]:
        """Return the indices of the conversation's sentences that begin a new line of their turn, as in e-mails."""
        with self._turns() as (cursor, parts):
            return breaks_in(cursor, outline, parts)

    def turns(self, conversation_id: str) -> list[Turn]:
        """Return a conversation's turns as imported, without labels; none if it is unknown."""
        with self._turns() as (cursor, parts):
            return turns_of(cursor, conversation_id, parts)

    def whole(self, numbers: Sequence[int]) -> list[Conversation]:
        """Return the conversations with these numbers in order, with turns and labels; unknown ones are left out."""
        with self._turns() as (cursor, parts):
            return whole_of(cursor, parts, numbers)

    def pairs(self, rows: Sequence[int]) -> list[tuple[str, str]]:
        """Return for each of these rows the last sentence of the turn before, empty if none, and its own text."""
        sql = """
            WITH wanted AS (SELECT row, text, before_key FROM sentences WHERE row IN (SELECT unnest(?::BIGINT[]))),
            said AS (SELECT text_key, first(text) AS text FROM sentences
                WHERE text_key IN (SELECT before_key FROM wanted) GROUP BY text_key)
            SELECT w.row, coalesce(b.text, ''), w.text FROM wanted w LEFT JOIN said b ON b.text_key = w.before_key
        """
        found = {row: (before, text) for row, before, text in self._cursor().execute(sql, [list(rows)]).fetchall()}
        return [found[row] for row in rows]

    def distinct_texts(
        self,
        batch: int = 20_000,
        keys: NDArray[np.int64] | None = None,
        spans: Sequence[Span] | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Yield every distinct text once, as batches of text_key and text, in the order of first use.

        Only those with one of these ``keys``, and of conversations whose numbers lie in one of these ``spans``, if they
        are given. Of many spans, all may come; and of many texts what is there when each stretch of rows is read.
        """
        yield from distinct_texts_of(self._cursor, batch, keys, spans)

    def text_keys(self, spans: Sequence[Span] | None = None) -> NDArray[np.int64]:
        """Return the key of every distinct text, in ascending order; ``spans`` as in :meth:`distinct_texts`."""
        return text_keys_of(self._cursor(), spans)

    def part_spans(self) -> dict[str, Span]:
        """Return the name of each part of the corpus, which never changes, with its range of numbers."""
        return {one.name: one.numbers for one in self._manifest().parts}

    def extent(self, until: int | None = None) -> Extent:
        """Return which conversations exist, or those numbered below ``until``; see :class:`Extent`."""
        cursor, kept = self._cursor(), self._database.kept
        if "marks" not in kept:
            kept["marks"] = marks_of(cursor)
        return extent_of(kept["marks"], until)

    def steps(self) -> list[int]:
        """Return the next conversation's number after each import that rounds may refer to."""
        return self._manifest().steps

    def placed(self, ids: Sequence[str]) -> pa.Table:
        """Return the sentences with these ids: row, id, text_key, before_key, number; unknown ids are left out."""
        return placed_in(self._cursor(), ids)

    def passing(self, ids: Sequence[str], filters: Filters | None, numbers: range | None = None) -> set[str]:
        """Return which of the sentences with these ids pass, in the conversations with these numbers."""
        where = within(self._where(filters), numbers)
        sql = f"SELECT s.id {_FROM} WHERE s.id IN (SELECT unnest(?::VARCHAR[])) AND {where.sql}"
        return {name for (name,) in self._cursor().execute(sql, [list(ids), *where.values]).fetchall()}

    def saying(self, keys: Sequence[int]) -> pa.Table:
        """Return the sentences with these text keys: id, text_key, in row order."""
        sql = "SELECT id, text_key FROM sentences WHERE text_key IN (SELECT unnest(?::BIGINT[])) ORDER BY row"
        return self._cursor().sql(sql, params=[list(keys)]).to_arrow_table()

    def matching(
        self,
        phrases: Sequence[Phrase],
        filters: Filters | None = None,
        among: pa.Array | None = None,
        numbers: range | None = None,
        calls: Sequence[int] | None = None,
    ) -> pa.Table:
        """Return the sentences that hold all phrases; see :func:`workbench.corpus.search.matching`."""
        cursor = self._worded() if phrases else self._cursor()
        return matching(cursor, phrases, within(self._where(filters), numbers, calls=calls), among)

    def among(self, ids: pa.Array, numbers: Sequence[int]) -> pa.Table:
        """Return the sentences with these ids in conversations with these numbers: row, id, number."""
        return among(self._cursor(), ids, numbers)

    def known(self, rows: Sequence[int]) -> pd.DataFrame:
        """Return the sentences of these rows, in their order, with conversation, speaker, team, account and deal."""
        table: pd.DataFrame = known_of(self._cursor(), rows).to_pandas().set_index("row").loc[list(rows)]
        return self._names.table(table.assign(started=self._local(table["started"])))

    def counted(
        self, filters: Sequence[Filters], reach: Reach, found: pa.Array, numbers: Sequence[int] | None = None
    ) -> pa.Table:
        """Return how much each speaker says that passes ``filters``, and how much was found, one speaker per row."""
        return counted(self._cursor(), [self._where(one) for one in filters], reach, found, numbers)

    def how_many(self, within: Reach, reaches: Sequence[Reach] | None = None, filters: Filters | None = None) -> int:
        """Return how many conversations are within ``within``, and in one of the ``reaches``, if given.

        With ``filters``, only those with a sentence that passes.
        """
        passing = None if filters is None else self._where(filters)
        return how_many(self._cursor(), [within] if reaches is None else reaches, within, passing)

    def languages(self, wanted: Sequence[str] = ()) -> dict[str, int]:
        """Count calls by language, of those that state one; only in the ``wanted`` languages, if given."""
        part = self._where(Filters(languages=tuple(wanted), scope="any"))
        where = f"c.language IS NOT NULL AND {part.sql}"
        sql = f"SELECT c.language, count(DISTINCT s.number) {_FROM} WHERE {where} GROUP BY 1"
        return dict(self._cursor().execute(sql, part.values).fetchall())

    def facets(self) -> Facets:
        """Return the values to filter by."""
        self._named()
        return self._names.facets(facets_of(self._cursor(), self.zone))
