"""Who is the company: what a workspace knows about it, and the sides of imported calls."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench.corpus.columns import ID, as_choice, as_text, column_name, given_or_none, wanted
from workbench.corpus.company.colleagues import Colleague, GivenColleagues
from workbench.corpus.company.rows import GivenSides, named_in, place_of
from workbench.corpus.company.rules import SideRules
from workbench.corpus.company.settings import Company, GivenChannels, GivenDomains, GivenLabels, company_of
from workbench.corpus.company.tally import SideCounts, SideTally
from workbench.corpus.content_hashes import ContentHash
from workbench.corpus.formats.reasons import shown
from workbench.corpus.lake_sides import CallSides
from workbench.corpus.table_frame import read_table
from workbench.domain.conversations import Side
from workbench.domain.errors import InvalidArgument
from workbench.domain.plurals import plural
from workbench.resources import Resources
from workbench.resources.changes import follow_changes
from workbench.resources.company import store_company, stored_company

AT_ONCE = 2_000  # conversations that are changed together
MAX_UNKNOWN = 100_000
_COLUMNS = ("call", "speaker", "name", "email", "side", "turns", "first", "source", "title", "started")
_UNKNOWN_SIDES = ("", "unknown")

GivenCallSides = Mapping[str, Mapping[str, str | None]] | pd.DataFrame | str | os.PathLike[str]


class CompanySettings:
    """How to recognise the company if a file does not say who it is; used by every import. See docs/import.md."""

    def __init__(self, resources: Resources):
        self._resources = resources

    def __repr__(self) -> str:
        known = self.known()
        parts = (
            f"domains={list(known.domains)}",
            plural(len(known.colleagues), "colleague"),
            f"channels={dict(known.channels)}",
            f"labels={ {source: dict(own) for source, own in known.labels.items()} }",
        )
        return f"company: {', '.join(parts)}"

    def known(self) -> Company:
        """Return all that is known."""
        return stored_company(self._resources.state)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains of its e-mail addresses, including their subdomains."""
        return self.known().domains

    @property
    def colleagues(self) -> tuple[Colleague, ...]:
        """Its people: name, e-mail, team."""
        return self.known().colleagues

    @property
    def channels(self) -> Mapping[str, str]:
        """The company's channel, by source."""
        return self.known().channels

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """The side of each label of a recogniser, by source."""
        return self.known().labels

    def update(
        self,
        *,
        domains: GivenDomains | None = None,
        colleagues: GivenColleagues | None = None,
        channels: GivenChannels | None = None,
        labels: GivenLabels | None = None,
    ) -> Company:
        """Replace the settings that are given, and return all; the sides of imported calls do not change.

        ``ws.sides.apply()`` applies the settings to them.

        Args:
            domains: such as ``["example.com"]``.
            colleagues: names; a mapping from names to teams; or dicts, a DataFrame or a CSV file with name, e-mail and
                team.
            channels: "left", "right" or the channel's number, for all calls or by source: ``{"dialler/": "left"}``.
            labels: by source: ``{"zoom/": {"Speaker 1": "company", "*": "customer"}}``. A source is a folder, a file's
                name or pattern, what ids begin with, or "*" for all.

        Raises:
            FileNotFoundError: ``colleagues`` is a path that does not exist.
            InvalidArgument: a value cannot be used, such as a domain where anyone can have an address.
            ReadOnlyWorkspace: the workspace was opened for reading only.
        """
        self._resources.check_writable()
        known = self.known()
        new = company_of(
            known.domains if domains is None else domains,
            known.colleagues if colleagues is None else colleagues,
            known.channels if channels is None else channels,
            known.labels if labels is None else labels,
        )
        store_company(self._resources.state, new)
        return new

    def clear(self) -> None:
        """Remove all settings; the sides of imported calls do not change until ``ws.sides.apply()``."""
        self._resources.check_writable()
        store_company(self._resources.state, Company())


@dataclass(frozen=True, slots=True)
class SidesReport:
    """What happened to the sides of calls.

    Attributes:
        changed: how many calls have other sides now, or are now marked as set by hand.
        unchanged: how many already had them.
        sides: how the sides in all calls examined became known.
        unknown: what was given but does not exist: ids of calls, and speakers with their call's id.
    """

    changed: int
    unchanged: int
    sides: SideCounts
    unknown: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"{self.changed:,} changed, {self.unchanged:,} unchanged"
        if self.unknown:
            head += f", {len(self.unknown):,} not in the workspace"
        return "\n".join([head, str(self.sides), *(f"  {one}" for one in self.unknown)])


class KnownSides:
    """The sides of imported calls: which are unknown, set by hand, or derived from the rules."""

    def __init__(self, resources: Resources, catch_up: Callable[[], object]):
        self._resources = resources
        self._catch_up = catch_up

    def unknown(self, limit: int = 1_000) -> pd.DataFrame:
        """Return speakers whose side is unknown, one per row: call, speaker, turns, first sentence, source.

        Fill the empty column ``side`` and pass the table to ``set``. Turns without a speaker are left out.

        Args:
            limit: the most rows; up to 100,000.
        """
        if not 0 < limit <= MAX_UNKNOWN:
            raise InvalidArgument(f"limit: must be 1 to {MAX_UNKNOWN:,}, not {shown(limit)}")
        rows = []
        for one in self._resources.lake.unknown_sides(limit):
            place = place_of(one.row)
            source = "/".join(filter(None, (place.folder, place.name)))
            about = (one.row["id"], one.party.id, one.party.name, one.party.email, "", one.turns, one.first)
            rows.append((*about, source, one.row["title"], one.row["started"]))
        return pd.DataFrame(rows, columns=list(_COLUMNS))

    def set(
        self,
        call: str | GivenCallSides,
        sides: Mapping[str, str | None] | None = None,
        *,
        detect: bool = True,
    ) -> SidesReport:
        """Set the sides of speakers by hand; texts, answers and finds do not change, and an import does not undo it.

        ``ws.sides.set("call-7", {"Speaker 1": "company", "Speaker 2": "customer"})`` names them by id or by name; ""
        or None is for one whose side nobody knows. Instead of one call give a mapping from calls to these, or a
        DataFrame or CSV file with the columns call, speaker and side, as ``unknown`` returns it; rows without a side
        change nothing.

        Active trackers whose filters look at sides then read these calls again, unless ``detect`` is False.

        Raises:
            FileNotFoundError: the path does not exist.
            InvalidArgument: a side is not valid, or a column is missing.
            ReadOnlyWorkspace: the workspace was opened for reading only.
        """
        self._resources.check_writable()
        if sides is not None and not isinstance(call, str):
            raise InvalidArgument(f"call: must be the id of one call, not {shown(call)}")
        given = _given(call if sides is None else {str(call): sides})
        checked = {id_: {name: _side(name, side) for name, side in own.items()} for id_, own in given.items()}
        return self._changed(list(checked), None, checked, detect)

    def apply(self, detect: bool = True) -> SidesReport:
        """Apply what is known about the company to all imported calls; sides set by hand do not change.

        Sides that came from rules are derived again; those that came from files do not change. Active trackers whose
        filters look at sides then read the changed calls again, unless ``detect`` is False.

        Raises:
            ReadOnlyWorkspace: the workspace was opened for reading only.
        """
        self._resources.check_writable()
        rules = SideRules(stored_company(self._resources.state))
        ids: list[str] = []
        number = -1
        while page := self._resources.lake.ids_after(number, AT_ONCE):
            ids += [id_ for _, id_ in page]
            number = page[-1][0]
        return self._changed(ids, rules, {}, detect)

    def _changed(
        self,
        ids: list[str],
        rules: SideRules | None,
        given: Mapping[str, Mapping[str, Side | None]],
        detect: bool,
    ) -> SidesReport:
        lake, tally = self._resources.lake, SideTally()
        changed, looked_at, unknown = 0, 0, list[str]()
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            found = {one.row["id"]: one for one in lake.call_sides(some, rules)}
            unknown += [f"{shown(id_)}: no call has this id" for id_ in some if id_ not in found]
            wanted = {id_: _of(one, given.get(id_, {}), unknown) for id_, one in found.items()}
            if rules is None:
                wanted = {id_: own for id_, own in wanted.items() if own}
            changed += len(lake.change_sides(rules, wanted))
            looked_at += len(found)
            for one in lake.call_sides(list(found), rules):
                _count(tally, one)
        follow_changes(self._resources.path, lake, self._resources.state)
        if detect and changed:
            self._catch_up()
        return SidesReport(changed, looked_at - changed, tally.counts(), tuple(unknown))


def _of(call: CallSides, given: Mapping[str, Side | None], unknown: list[str]) -> GivenSides:
    out: dict[str, Side | None] = {}
    for name, side in given.items():
        parties = named_in(call.parties, name)
        if not parties:
            unknown.append(f"{shown(call.row['id'])}: {shown(name)} is not a speaker in this call")
        out |= dict.fromkeys(parties, side)
    return out


def _count(tally: SideTally, call: CallSides) -> None:
    names = set(call.speakers)
    speakers = {one.id for one in call.parties if one.id in names or one.name in names}
    told = ContentHash.of(call.row["content_hash"]).set
    tally.add(call.row["id"], call.parties, speakers, told, [str(one) for one in call.conflicts])


def _given(given: GivenCallSides) -> Mapping[str, Mapping[str, str | None]]:
    if isinstance(given, Mapping):
        if all(isinstance(own, Mapping) for own in given.values()):
            return given
        raise InvalidArgument("sides: give them by call, such as {'call-7': {'Speaker 1': 'company'}}")
    frame = given if isinstance(given, pd.DataFrame) else read_table(Path(given))
    left = {column_name(name): str(name) for name in reversed(list(frame.columns))}
    columns = [
        wanted(left, ID, "the call's id"),
        wanted(left, ("speaker", "party", "name"), "who speaks"),
        wanted(left, ("side", "speaker_side"), "the side"),
    ]
    out: dict[str, dict[str, str | None]] = {}
    for row in frame[columns].itertuples(index=False, name=None):
        call, speaker, side = (as_text(given_or_none(one)) for one in row)
        if call and speaker and side:
            out.setdefault(str(call), {})[str(speaker)] = as_choice(side)
    return out


def _side(name: str, given: object) -> Side | None:
    told = given.strip().lower() if isinstance(given, str) else given
    if told is None or told in _UNKNOWN_SIDES:
        return None
    if told not in set(Side):
        raise InvalidArgument(f"sides: {shown(name)} must be {' or '.join(Side)}, not {shown(given)}")
    return Side(str(told))
