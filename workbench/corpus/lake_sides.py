"""Sides in stored calls: finding unknown ones, and setting them in place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.corpus.company.rows import GivenSides, parties_in, resided
from workbench.corpus.company.rules import SideConflict, SideRules
from workbench.corpus.heads import HeadRow, changed_names
from workbench.corpus.lake_editing import LakeEditing, Refused
from workbench.corpus.recolouring import recoloured
from workbench.corpus.remote.outrun import again_when_outrun
from workbench.corpus.rewriting import NewRows
from workbench.domain.changes import Changed
from workbench.domain.conversations import Party
from workbench.domain.files import writing_to

_SPEAKERS = """
SELECT number, list(speaker ORDER BY first) FROM (
    SELECT number, speaker, min(row) AS first FROM sentences
    WHERE number IN (SELECT unnest(?::BIGINT[])) AND speaker IS NOT NULL GROUP BY number, speaker
) GROUP BY number
"""
_UNKNOWN = """
WITH found AS (
    SELECT s.number, s.speaker, count(DISTINCT s.turn) AS turns, arg_min(s.text, s.row) AS first, min(s.row) AS at
    FROM sentences s WHERE s.side IS NULL AND s.speaker IS NOT NULL GROUP BY s.number, s.speaker
)
SELECT c.id, c.title, c.started, c.source, c.content_hash, c.parties, f.speaker, f.turns, f.first
FROM found f JOIN conversations c ON c.number = f.number ORDER BY f.number, f.at LIMIT ?
"""
_COUNT = """
SELECT count(DISTINCT number), count(DISTINCT (number, speaker)) FROM sentences
WHERE side IS NULL AND speaker IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class UnknownSide:
    """A speaker in a call whose side is unknown."""

    row: Mapping[str, Any]
    party: Party
    turns: int
    first: str


@dataclass(frozen=True, slots=True)
class CallSides:
    """The participants of a call, with their current sides, and what decided them."""

    row: HeadRow
    parties: tuple[Party, ...]
    speakers: tuple[str, ...]
    conflicts: tuple[SideConflict, ...]


class LakeSides(LakeEditing):
    """The sides of stored calls."""

    def unknown_sides(self, limit: int) -> list[UnknownSide]:
        """Return the speakers whose side is unknown, call by call, at most ``limit`` of them."""
        table = self._cursor().sql(_UNKNOWN, params=[limit]).to_arrow_table().to_pylist()
        return [
            UnknownSide(row, _party(row["parties"] or (), row["speaker"]), row["turns"], row["first"]) for row in table
        ]

    def count_unknown_sides(self) -> tuple[int, int]:
        """Count the calls with a speaker whose side is unknown, and those speakers over all calls."""
        calls, speakers = self._cursor().execute(_COUNT).fetchone() or (0, 0)
        return calls, speakers

    def ids_after(self, number: int, limit: int) -> list[tuple[int, str]]:
        """Return the numbers and ids of the conversations after this number, at most ``limit`` of them."""
        sql = "SELECT number, id FROM conversations WHERE number > ? ORDER BY number LIMIT ?"
        return self._cursor().execute(sql, [number, limit]).fetchall()

    def call_sides(self, ids: Collection[str], rules: SideRules | None) -> list[CallSides]:
        """Return the participants of the calls with these ids, and the conflicts about their sides."""
        rows = self._heads(list(ids))
        speakers = self._speakers(rows)
        out: list[CallSides] = []
        for row in rows.values():
            spoken = speakers.get(row["number"], [])
            _, conflicts = resided(row, spoken, rules)
            out.append(CallSides(row, tuple(parties_in(row, spoken)), tuple(spoken), conflicts))
        return out

    @again_when_outrun
    def change_sides(self, rules: SideRules | None, given: Mapping[str, GivenSides]) -> list[Changed]:
        """Set the sides of calls by the current rules, and by what a person says about single parties.

        Nothing is imported: texts, answers and matches stay, and so do calls that already have these sides.

        Args:
            rules: with what is known about the company; None leaves the sides that they decided before.
            given: by call the sides of parties, by their ids; in a call without any only the rules decide.
        """

        def plan(rows: Mapping[str, HeadRow]) -> Iterator[tuple[Changed | Refused, NewRows | None]]:
            speakers = self._speakers(rows)
            heads = {
                row["number"]: head
                for id_, row in rows.items()
                if (head := resided(row, speakers.get(row["number"], []), rules, given[id_])[0]) is not row
            }
            said = recoloured(self.root, manifest, heads)
            for id_, row in rows.items():
                number = row["number"]
                if number in said:
                    yield Changed(number=number, id=id_, heads=changed_names(row, heads[number])), said[number]

        before = "the corpus is as it was before"
        with writing_to(self.root, before, self._read_only), self._changing() as manifest:
            return [one for one in self._change(manifest, list(given), plan) if isinstance(one, Changed)]

    def _speakers(self, rows: Mapping[str, HeadRow]) -> dict[int, list[str]]:
        numbers = [row["number"] for row in rows.values()]
        return dict(self._cursor().execute(_SPEAKERS, [numbers]).fetchall())


def _party(parties: Sequence[Mapping[str, Any]], speaker: str) -> Party:
    """Return the ids of parties with this name whose side is unknown."""
    known = next((one for one in parties if speaker in (one["name"], one["id"]) and one["side"] is None), None)
    return Party(id=speaker) if known is None else Party(**{**known, "side": None})
