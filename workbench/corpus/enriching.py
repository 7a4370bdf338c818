"""Values for conversations that are there already, from a table: their deal, account, team and further fields."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.corpus.columns import CALL, ID, as_choice, as_text, chosen, column_name, given_or_none, taken, wanted
from workbench.corpus.formats.reasons import shown
from workbench.corpus.formats.values import plain
from workbench.corpus.frames import is_frame
from workbench.corpus.heads import DEAL, PLAIN
from workbench.corpus.ingest import MAX_REJECTED, Reject
from workbench.corpus.lake import Lake
from workbench.corpus.lake_editing import Refused
from workbench.domain.errors import InvalidArgument

AT_ONCE = 5_000  # conversations that are changed together
_CHOICES = frozenset(("direction", "channel", "scope", "deal_outcome"))
_COLUMNS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in PLAIN},
    **{f"deal_{name}": (f"deal_{name}", name) for name in DEAL if name != "id"},
    "deal_id": ("deal_id", "deal"),
}
_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_HEADER = 1_000_000  # characters
_NOT_HERE = sorted(set(CALL) - set(_COLUMNS) - {"deal", "fields"} | {"turns", "text"})

Enrichment = str | os.PathLike[str] | pd.DataFrame | Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class EnrichReport:
    """What became of values for conversations.

    Attributes:
        changed: how many conversations have other values now.
        unchanged: how many had them already.
        unknown: ids that no conversation has.
        rejected: what could not be taken, and why.
    """

    changed: int
    unchanged: int
    unknown: tuple[str, ...] = ()
    rejected: tuple[Reject, ...] = ()

    def __str__(self) -> str:
        counts = f"{self.changed:,} changed, {self.unchanged:,} unchanged"
        head = f"{counts}, {len(self.unknown):,} not in the workspace, {len(self.rejected):,} rejected"
        unknown = [f"  {shown(one)}: no conversation has this id" for one in self.unknown]
        return "\n".join([head, *unknown, *(f"  {one}" for one in self.rejected)])


def enrich(lake: Lake, source: Enrichment) -> EnrichReport:
    """Set what is known of conversations beside what is said in them, by their ids; nothing is imported.

    ``source`` is a DataFrame, or a CSV file, with a column for the id and a row a conversation; or a mapping from ids
    to values. Columns are ``account``, ``team``, ``title``, ``started``, ``direction``, ``channel``, ``scope``,
    ``thread``, ``deal_id`` (or ``deal``), and of the deal ``stage``, ``amount`` and ``outcome``; each other column is a
    further field. An empty cell changes nothing, and a start without an offset is a local time of the lake's zone. What
    is set stays when the conversation is imported again, also with other content.

    Raises:
        FileNotFoundError: ``source`` is a path where nothing is.
        InvalidArgument: there is no column for the id, or a column tells what only an import can.
    """
    rejected: list[Reject] = []
    values = _values(_frame(source), rejected)
    changed, refused, unknown = 0, 0, list[str]()
    ids = list(values)
    for start in range(0, len(ids), AT_ONCE):
        some = {id_: values[id_][1] for id_ in ids[start : start + AT_ONCE]}
        known = lake.known_ids(list(some))
        unknown += [id_ for id_ in some if id_ not in known]
        here = {id_: value for id_, value in some.items() if id_ in known}
        for one in lake.set_heads(here, lake.zone):
            if isinstance(one, Refused):
                refused += 1
                rejected.append(Reject(values[one.id][0], None, f"{shown(one.id)}: {one.reason}"))
            else:
                changed += 1
    return EnrichReport(
        changed, len(ids) - len(unknown) - changed - refused, tuple(unknown), tuple(rejected[:MAX_REJECTED])
    )


def _frame(source: Enrichment) -> pd.DataFrame:
    if isinstance(source, str | os.PathLike):
        return _read_csv(Path(source))
    if is_frame(source):
        table: Any = source
        return table if isinstance(table, pd.DataFrame) else table.to_pandas()
    if not isinstance(source, Mapping):
        raise InvalidArgument(f"give a DataFrame, a CSV file or a mapping from ids to values, not {shown(source)}")
    return pd.DataFrame([{"id": id_, **given} for id_, given in source.items()], dtype=object)


def _read_csv(file: Path) -> pd.DataFrame:
    """Read ids as they are written: pandas would make numbers of those of digits."""
    try:
        sign = _separator(file)
        head = pd.read_csv(file, nrows=0, sep=sign, encoding="utf-8-sig")
        ids = [name for name in head.columns if column_name(name) in ID]
        return pd.read_csv(file, sep=sign, encoding="utf-8-sig", dtype=dict.fromkeys(ids, str))
    except UnicodeDecodeError as error:
        raise InvalidArgument(f"{file}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise InvalidArgument(f"{file}: not a table ({shown(str(error))}); save it as CSV with a header") from None


def _separator(file: Path) -> str:
    """Return the sign between columns: that of which the header has most."""
    with file.open(encoding="utf-8-sig") as lines:
        header = lines.readline(_LONGEST_HEADER)
    return max(_SEPARATORS, key=header.count)


def _values(frame: pd.DataFrame, rejected: list[Reject]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the row's label and what is given, by id; of two rows of one conversation the later adds to the first."""
    if frame.index.name is not None and column_name(frame.index.name) in ID:
        frame = frame.reset_index()
    left = {column_name(name): str(name) for name in reversed(list(frame.columns))}
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    ids = columns[wanted(left, ID, "the conversation's id")]
    for name in _NOT_HERE:
        if name in left:
            raise InvalidArgument(f"column {left[name]}: only an import can set it; leave it out, or import the call")
    named = chosen(left, _COLUMNS)
    nested = taken(left, ("fields",))
    out: dict[str, tuple[str, dict[str, Any]]] = {}
    for at, label in enumerate(map(str, frame.index)):
        id_ = as_text(ids[at])
        if not isinstance(id_, str) or not id_:
            rejected.append(Reject(f"row {label}", None, "the conversation's id: missing, or not text"))
            continue
        cells = {name: _cell(name, columns[column][at]) for name, column in named.items()}
        if isinstance(deal := cells.get("deal_id"), Mapping):  # nested, as in the neutral form
            cells |= {"deal_id": None, **{f"deal_{name}": deal.get(name) for name in DEAL}}
        given = {name: value for name, value in cells.items() if value is not None}
        further = {name: value for name in left.values() if (value := given_or_none(columns[name][at])) is not None}
        own = given_or_none(columns[nested][at]) if nested else None
        fields = {**(own if isinstance(own, Mapping) else {}), **{name: plain(one) for name, one in further.items()}}
        known = out.get(id_, (f"row {label}", {}))
        out[id_] = known[0], _joined(known[1], _in_form(given, fields))
    return out


def _cell(name: str, value: Any) -> Any:
    found = given_or_none(value)
    if found is None or name in _CHOICES:
        return as_choice(found) if found is not None else None
    return found if name in ("started", "deal_amount") else as_text(found)


def _in_form(given: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return values in the neutral form."""
    deal = {name: given[f"deal_{name}"] for name in DEAL if f"deal_{name}" in given}
    own = {name: value for name, value in given.items() if name in PLAIN}
    return own | ({"deal": deal} if deal else {}) | ({"fields": dict(fields)} if fields else {})


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    nested = {name: {**one.get(name, {}), **other[name]} for name in ("deal", "fields") if name in other}
    return {**one, **other, **nested}
