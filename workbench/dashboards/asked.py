"""The query in a page's address: valid filters, and what could not be understood."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from workbench.corpus.fields import as_text
from workbench.corpus.views import Facets
from workbench.dashboards import periods
from workbench.dashboards.parts import NAVIGATION, TITLES, choice
from workbench.dashboards.parts import field as text_field
from workbench.domain import plain_json
from workbench.domain.aliases import AliasKind, AliasTable
from workbench.domain.conversations import FieldValue, Kind
from workbench.domain.filters import Filters
from workbench.domain.names import name_key
from workbench.domain.time_zones import day_after, in_zone
from workbench.domain.unreadable import left_out
from workbench.store.used_trackers import used_trackers
from workbench.widgets.protocol import BlockView, ControlView, DashboardView, LinkView, ProgressView
from workbench.workspace.workspace import Workspace

COMMON = ("tracker", "team", "side", "when", "from", "to", "account", "stage")
SIDES = {"company": "The company", "customer": "The customer"}
PLACE = ("call", "sentence")  # of the call that is open over the page, which changes nothing of the page
_FIELD = "field."
LAST_YEAR = 9000  # dates near the calendar's end cannot be added to
UNFILTERED = "Not filtered: of all calls."
MOST_OPTIONS = 300  # of a control; with more values it is a field to type in
_FACETS = {"team": "teams", "account": "accounts", "stage": "stages"}
_ALIASED: dict[str, AliasKind] = {"team": "team", "account": "account"}
LABELS = {
    "team": "Team",
    "account": "Account",
    "stage": "Deal stage",
    "side": "Said by",
    "when": "Period",
    "from": "From",
    "to": "To",
}
_FILTERS = (*_FACETS, "side", "when", "from", "to")
# What cannot be read is told where it is missed: trackers everywhere, all else on the page of its kind.
_TOLD = ("tracker", "version of tracker")
_OWN = {"initiative": "board", "playbook": "playbook", "metrics": "metric", "search": "metric", "overview": "alert"}
_OTHERS = ("token", "voila", "theme")  # of the server's own names in an address


@dataclass(kw_only=True)
class DashboardQuery:
    """A page's filters. ``query`` has those that were understood, ``notices`` what was not, in words.

    ``lost`` are names of the page's subjects, such as ``tracker``, that do not exist. ``fields`` are the requested
    values of further fields, as ``field.region=north|south`` in the address.
    """

    workspace: Workspace
    page: str
    facets: Facets
    query: dict[str, str] = field(default_factory=dict)
    fields: dict[str, tuple[FieldValue, ...]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    offset: int = 0
    limit: int | None = None

    @property
    def filters(self) -> Filters | None:
        """Team, account, stage, side, dates and further fields; None if none of them is given."""
        if not self.fields and not any(self.query.get(name) for name in _FILTERS):
            return None
        return self.narrowed()

    def narrowed(self) -> Filters:
        """As ``filters``; without any, what lets everything through."""
        given = {plural: self._values(name) for name, plural in _FACETS.items() if name in self.query}
        since, until = self._days()
        return Filters(
            side=self.query.get("side", "anyone"),  # type: ignore[arg-type]  # Filters checks it
            kinds=tuple(Kind),
            scope="any",
            started_from=since,
            started_before=None if until is None else day_after(until),
            fields=self.fields,
            **given,  # type: ignore[arg-type]  # each a tuple of names
        )

    def unfiltered(self, note: str = "") -> str:
        """Return the note of a part that the filters make no difference to, with those words if any is in force."""
        return note if self.filters is None else f"{note} {UNFILTERED}".strip()

    def without(self, name: str, **instead: str) -> DashboardQuery:
        """Return what is asked for without this filter, and with others in its place."""
        return replace(self, query={one: value for one, value in self.query.items() if one != name} | instead)

    def _values(self, name: str) -> tuple[str, ...]:
        """Return the values of a team, account or stage filter."""
        return several(self.query[name], getattr(self.facets, _FACETS[name]))

    def _days(self) -> tuple[datetime | None, datetime | None]:
        """Return the first and the last day of the period."""
        last, zone = self.facets.last, self.workspace.lake.zone
        if "when" in self.query and last is not None:
            return periods.days_of(self.query["when"], in_zone(last, zone).date())
        return _day(self.query.get("from", "")), _day(self.query.get("to", ""))

    def wrong(self, name: str, value: str) -> str:
        """Return in words what is wrong with a value; records values of further fields."""
        if not name.startswith(_FIELD):
            return _wrong(self.facets, name, value)
        known = {_written(one): one for one in (*self.facets.fields.get(name[len(_FIELD) :], ()), None)}
        values = several(value, known)
        if unknown := [one for one in values if one not in known]:
            return f"{_short(name)}: there is no {_short(unknown[0])}."
        self.fields[name[len(_FIELD) :]] = tuple(known[one] for one in values)
        return ""

    def one_of(self, name: str, options: Mapping[str, str], default: str = "") -> str:
        """Return the requested value if it is one of ``options``, by value or label; else the default."""
        wanted = self.query.pop(name, "")
        by_label = {label: value for value, label in options.items()}
        value = wanted if wanted in options else by_label.get(wanted, "")
        if wanted and not value:
            self.notices.append(f"{name}: {self.missing(name, wanted)}")
            self.lost.add(name)
        if value:
            self.query[name] = value
        return value or default

    def missing(self, name: str, wanted: str) -> str:
        """Return a note that there is no such thing; for a tracker, by its name, why."""
        if name in ("tracker", "trackers"):
            used = used_trackers(self.workspace.database, [wanted])[wanted]
            if used.name:
                return used.note or f"{_short(used.name)} cannot be shown here."
        return f"there is no {_short(wanted)}. It may have been renamed or deleted."

    def link(self, label: str, page: str, **query: str) -> LinkView:
        """Return a link to a page, with the current common filters; an empty value leaves a filter out."""
        common = [name for name in self.query if name in COMMON or name.startswith(_FIELD)]
        kept = {name: self.query[name] for name in common} | query
        return {"label": label, "page": page, "query": {name: value for name, value in kept.items() if value}}

    def call_link(self, label: str, call: str, sentence: str = "") -> LinkView:
        """To a call, over this page as it is."""
        kept = {name: value for name, value in self.query.items() if value}
        place = {"call": call, "sentence": sentence}
        return {"label": label, "page": self.page, "query": kept | {name: one for name, one in place.items() if one}}

    def controls(self, *names: str) -> list[ControlView]:
        """Return those of the common filters, without ``tracker``, and those of the corpus's further fields."""
        found = [self._control(name) for name in names]
        if "from" in names:
            found.insert(names.index("from"), self._period())
        return found + [self._of_field(name) for name in sorted(self.facets.fields)]

    def view(
        self,
        lead: str,
        blocks: Sequence[BlockView],
        controls: Sequence[ControlView] = (),
        progress: ProgressView | None = None,
        title: str = "",
    ) -> DashboardView:
        """Return the page, with a notice for filters without a control, which have no effect on it."""
        shown = {control["name"] for control in controls}
        if "trackers" in shown:  # the same filter, for several
            shown.add("tracker")
        idle = [name for name in COMMON if self.query.get(name) and name not in shown]
        if not shown & set(_FILTERS):
            idle += [name for name in self.query if name.startswith(_FIELD)]
        bad = [one for one in self.workspace.unreadable() if one.kind in _TOLD or one.kind == _OWN.get(self.page)]
        self.notices += [left_out(bad)] if bad else []
        if idle:
            self.notices.append(f"Not filtered here by {', '.join(idle)}; other pages use it.")
        return {
            "page": self.page,
            "title": title or TITLES[self.page],
            "lead": lead,
            "notices": list(self.notices),
            "pages": [self.link(label, name) for name, label in NAVIGATION.items()],
            "controls": list(controls),
            "query": dict(self.query),
            "blocks": list(blocks),
            "progress": progress,
            "role": "reader",
        }

    def _control(self, name: str) -> ControlView:
        value = self.query.get(name, "")
        if name in ("from", "to"):
            return text_field(name, LABELS[name], value, "date")
        if name == "side":
            return choice(name, LABELS[name], {"": "Anyone"} | SIDES, value, more=True)
        values = getattr(self.facets, _FACETS[name])
        if len(values) > MOST_OPTIONS:
            return text_field(name, LABELS[name], value, more=True)
        return choice(name, LABELS[name], {one: one for one in values}, value, "many", more=True)

    def _period(self) -> ControlView:
        last = self.facets.last
        named = {} if last is None else periods.named(in_zone(last, self.workspace.lake.zone).date())
        return choice("when", "Period", {"": "All time"} | named, self.query.get("when", ""), "period")

    def _of_field(self, name: str) -> ControlView:
        values = self.facets.fields[name]
        options = {_written(one): "None" if one is None else _written(one) for one in values[:MOST_OPTIONS]}
        asked_for = self.query.get(f"{_FIELD}{name}", "")
        return choice(f"{_FIELD}{name}", name, options, asked_for, "many", more=True)


def several(value: str, known: Container[str]) -> tuple[str, ...]:
    """Return the values that a filter holds, as ``North|South`` in the address; a value may have a | of its own."""
    if value in known:
        return (value,)
    return tuple(dict.fromkeys(filter(None, (one.strip() for one in value.split("|")))))


def asked(workspace: Workspace, page: str, query: Mapping[str, str], own: Sequence[str] = ()) -> DashboardQuery:
    """Return the query in the address; ``own`` are names that this page takes besides the common ones.

    Names and values that cannot be used are left out and reported; nothing is raised.
    """
    out = DashboardQuery(workspace=workspace, page=page, facets=workspace.facets())
    aliases = workspace.lake.conventions().aliases
    out.offset = _number(query.get("offset"), 0)
    out.limit = _number(query.get("limit"), 0) or None
    for name, given in query.items():
        value = given.strip() if name not in _FACETS else _as_written(out.facets, name, given.strip(), aliases)
        if name in ("offset", "limit", *PLACE) or name.startswith(_OTHERS) or not value:
            continue
        wrong = out.wrong(name, value) if name in (*COMMON, *own) or name.startswith(_FIELD) else _unknown(name)
        if wrong:
            out.notices.append(wrong)
        else:
            out.query[name] = value
    if "when" in out.query and ("from" in out.query or "to" in out.query):
        del out.query["when"]
    since, until = _day(out.query.get("from", "")), _day(out.query.get("to", ""))
    if since and until and until < since:
        del out.query["from"], out.query["to"]
        out.notices.append("from: later than to, so both are ignored.")
    return out


def _unknown(name: str) -> str:
    return f"{_short(name)} is not a filter here."


def _written(value: FieldValue) -> str:
    """Return a further field's value as in an address."""
    if isinstance(value, str):
        return value
    return plain_json.dumps(value) if value is None or isinstance(value, bool) else as_text(value)


def _as_written(facets: Facets, name: str, value: str, aliases: AliasTable) -> str:
    """Return accounts, teams or stages as the corpus has them, however they are spelled here."""
    known = getattr(facets, _FACETS[name])
    return "|".join(_known_as(known, one, _ALIASED.get(name), aliases) for one in several(value, known))


def _known_as(known: Sequence[str], value: str, kind: AliasKind | None, aliases: AliasTable) -> str:
    value = value if kind is None else aliases.main(kind, value)
    return value if value in known else next((one for one in known if name_key(one) == name_key(value)), value)


def _wrong(facets: Facets, name: str, value: str) -> str:
    if name in _FACETS:
        known = getattr(facets, _FACETS[name])
        if unknown := [one for one in several(value, known) if one not in known]:
            return f"{name}: there is no {_short(unknown[0])}."
    if name == "side" and value not in SIDES:
        return f"side: must be company or customer, not {_short(value)}."
    if name == "when" and value not in periods.NAMES:
        return f"when: must be one of {', '.join(periods.NAMES)}, not {_short(value)}."
    if name in ("from", "to") and _day(value) is None:
        return f"{name}: {_short(value)} is not a date such as 2026-03-31."
    return ""


def _day(value: str) -> datetime | None:
    """Return where a day begins in the workspace's time zone; None if it is not a day."""
    try:
        found = datetime.strptime(value, "%Y-%m-%d")  # noqa: DTZ007, in the workspace's zone
    except ValueError:
        return None
    return found if found.year < LAST_YEAR else None


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 9 else default


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:60] + "…")
