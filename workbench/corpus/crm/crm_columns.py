"""What the columns of a table about conversations contain, by the names that Salesforce, HubSpot and people use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.corpus.formats.reasons import shown
from workbench.domain.errors import InvalidArgument

KEYS = ("id", "email", "time", "account")
"""How rows are matched; ``account`` is also a value, and ``deal_id`` matches tables of deals."""

VALUES = (
    "title", "started", "direction", "channel", "scope", "account", "team", "thread", "deal_id", "deal_stage",
    "deal_amount", "deal_outcome",
)  # fmt: skip
"""The values that are set; each other column becomes a further field."""

LEFT_OUT = "leave_out"
USES = tuple(dict.fromkeys((*KEYS, *VALUES, LEFT_OUT)))
"""What ``columns`` may name."""

_SEVERAL = ("id", "email", LEFT_OUT)
_NAMES = {
    "id": """
        conversationid callid conversation call id activityid taskid eventid callobjectidentifier callobject
        engagementid interactionid recordingid callrecordid meetingid
    """,
    "deal_id": "dealid opportunityid associateddealids associateddealid opportunityid18 dealrecordid",
    "deal_stage": "dealstage stage stagename opportunitystage pipelinestage",
    "deal_amount": "dealamount amount dealvalue opportunityamount amountincompanycurrency",
    "deal_outcome": "dealoutcome outcome",
    "account": """
        account accountname companyaccount company companyname associatedcompany associatedcompanyprimary
        primaryassociatedcompany relatedaccount relatedcompany firma organization organisation
    """,
    "time": """
        calldate callstart callstarttime calltime callstarted activitydate activitydatetime activitystart start
        starttime startdatetime startdate meetingstarttime meetingstart eventstart datetime date timestamp duedate
        startedat calldatetime occurredat lastactivity lastactivitydate
    """,
    "title": "title",
    "started": "started",
    "direction": "direction",
    "channel": "channel",
    "scope": "scope",
    "team": "team",
    "thread": "thread",
}
_DEAL_NAMES = ("opportunityname", "opportunity", "dealname", "deal", "associateddeal", "associateddeals")
_OF_SYSTEMS = frozenset(("activityid", "taskid", "eventid", "callobjectidentifier", "callobject", "engagementid"))
_IDS_OF_CALLS = _OF_SYSTEMS | {"conversationid", "callid", "conversation", "call"}
_OF_CALLS = re.compile(r"(?:call|activity|task|meeting|event)")
_OF_DEALS = frozenset(("dealname", "opportunityname", "closedate", "dealstage", "pipeline", "opportunityowner"))
_WEAK_TIMES = frozenset(("lastactivity", "lastactivitydate"))
_PEOPLE = frozenset(
    ("associatedcontact", "associatedcontacts", "contact", "contacts", "contactname", "attendees", "invitees",
     "participants")
)  # fmt: skip
_RANKS = {use: {name: at for at, name in enumerate(names.split())} for use, names in _NAMES.items()}
_KNOWN = frozenset(name for names in _RANKS.values() for name in names) | set(_DEAL_NAMES) | _PEOPLE | _OF_DEALS
_NOT_IN_NAMES = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """Which columns contain what.

    Attributes:
        by_use: the columns' names, by use; several only for e-mails and for columns to leave out.
        further: the columns that become further fields.
        of_deals: whether a row is a deal rather than a call, so that it is about all calls of that deal.
    """

    by_use: Mapping[str, tuple[str, ...]]
    further: tuple[str, ...]
    of_deals: bool

    def first(self, use: str) -> str | None:
        """Return the column for a use; None if there is none."""
        return next(iter(self.by_use.get(use, ())), None)


def folded(name: Any) -> str:
    """Return a column's name folded for comparison: ``Company / Account`` as ``companyaccount``."""
    return _NOT_IN_NAMES.sub("", str(name)).lower()


def known_names(row: Sequence[Any]) -> int:
    """Count the cells of a row that name a known column."""
    names = {folded(one) for one in row if isinstance(one, str) and 0 < len(one) <= 100}
    return sum(1 for one in names if one in _KNOWN or "email" in one or one == "recordid")


def chosen_columns(header: Sequence[str], changes: Mapping[str, str | Sequence[str] | None]) -> ChosenColumns:
    """Propose a use for each column, with ``changes``: by use a column, several, or None for none.

    Raises:
        InvalidArgument: ``changes`` names an unknown use or column.
    """
    told = _told(header, changes)
    used = {name for names in told.values() for name in names}
    left = {name: folded(name) for name in header if name not in used}
    of_deals = _are_deals(header)
    by_use = {use: names for use, names in told.items() if names}
    for use in _NAMES:
        if use not in told and (name := _best(left, use, of_deals)):
            by_use[use] = (name,)
            del left[name]
    if "id" in by_use and "id" not in told and folded(by_use["id"][0]) in _OF_SYSTEMS:
        others = tuple(one for one, key in left.items() if key in _OF_SYSTEMS)
        by_use["id"] = (*by_use["id"], *others)
        left = {one: key for one, key in left.items() if one not in others}
    if "deal_id" not in told and "deal_id" not in by_use:
        name = next((one for wanted in _DEAL_NAMES for one, key in left.items() if key == wanted), None)
        if name:
            by_use["deal_id"] = (name,)
            del left[name]
    if "email" not in told and (people := tuple(one for one, key in left.items() if "email" in key or key in _PEOPLE)):
        by_use["email"] = people
    addresses = {one for one in by_use.get("email", ()) if "email" in folded(one) or "email" in told}
    times = set(by_use.get("time", ())) - set(told.get("time", ()))
    further = tuple(one for one in header if (one in left or one in times) and one not in addresses)
    return ChosenColumns(by_use, further, of_deals and "id" not in by_use)


def _best(left: Mapping[str, str], use: str, of_deals: bool) -> str | None:
    """Return the column whose name comes first in the list for a use."""
    ranks = dict(_RANKS[use])
    if use == ("deal_id" if of_deals else "id"):
        ranks["recordid"] = len(ranks)  # HubSpot's own name, whatever the table is about
    if of_deals and use == "id":
        ranks = {name: rank for name, rank in ranks.items() if name in _IDS_OF_CALLS}
    if of_deals and use == "time":
        ranks = {name: rank for name, rank in ranks.items() if _OF_CALLS.match(name) or name in _WEAK_TIMES}
    found = [name for name, key in left.items() if key in ranks]
    return min(found, key=lambda name: ranks[left[name]], default=None)


def _are_deals(header: Sequence[str]) -> bool:
    names = {folded(one) for one in header}
    of_calls = any(_OF_CALLS.match(one) for one in names) or bool(names & _IDS_OF_CALLS)
    return bool(names & _OF_DEALS) and not of_calls


def _told(header: Sequence[str], changes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    by_name = {folded(name): name for name in reversed(header)} | {name: name for name in header}
    out: dict[str, tuple[str, ...]] = {}
    for use, given in changes.items():
        if use not in USES:
            raise InvalidArgument(f"columns: {shown(use)} is not one of {', '.join(USES)}")
        names = [] if given in (None, "") else [given] if isinstance(given, str) else list(given)
        if len(names) > 1 and use not in _SEVERAL:
            raise InvalidArgument(f"columns: {use} can be one column only")
        found = [by_name.get(name) or by_name.get(folded(name)) for name in names]
        for name, one in zip(names, found, strict=True):
            if one is None:
                listed = ", ".join(header[:30])
                raise InvalidArgument(f"columns: there is no column {shown(name)} for {use}; there are {listed}")
        out[use] = tuple(one for one in found if one)
    return out
