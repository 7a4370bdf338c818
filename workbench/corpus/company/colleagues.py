"""The company's people, from a list of names or a table with name, e-mail address and team."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.corpus.columns import as_text, chosen, column_name, given_or_none
from workbench.corpus.company.domains import domain_of
from workbench.corpus.formats.reasons import shown
from workbench.corpus.frames import is_frame
from workbench.corpus.people import is_label
from workbench.corpus.table_frame import read_table
from workbench.domain.errors import InvalidArgument
from workbench.domain.names import clean_name, name_key

MAX_COLLEAGUES = 50_000
MAX_LENGTH = 500
_COLUMNS = {
    "name": ("name", "full_name", "display_name", "colleague", "speaker", "person"),
    "first": ("first_name", "firstname", "given_name"),
    "last": ("last_name", "lastname", "surname", "family_name"),
    "email": ("email", "e_mail", "email_address", "e_mail_address", "mail", "address"),
    "team": ("team", "department", "group"),
}
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_BETWEEN = re.compile(r"[\s\u30fb\u00b7=]+")

GivenColleagues = str | os.PathLike[str] | pd.DataFrame | Mapping[str, Any] | Iterable[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Someone at the company: a name, an address, or both; and their team if known."""

    name: str | None = None
    email: str | None = None
    team: str | None = None


def colleagues_of(given: GivenColleagues) -> tuple[Colleague, ...]:
    """Read colleagues from names (or addresses), dicts, a mapping from names to teams, a DataFrame or a CSV file.

    Raises:
        FileNotFoundError: it is a path that does not exist.
        InvalidArgument: there is no column for names or addresses, a name is a label from speech recognition, or there
            are more than ``MAX_COLLEAGUES``.
    """
    if isinstance(given, str | os.PathLike):
        found = _of_frame(read_table(Path(given)))
    elif is_frame(given):
        table: Any = given
        found = _of_frame(table if isinstance(table, pd.DataFrame) else table.to_pandas())
    elif isinstance(given, Mapping):
        found = [_checked({"name": name, "team": team}) for name, team in given.items()]
    else:
        found = [_checked(one) for one in given]
    if len(found) > MAX_COLLEAGUES:
        raise InvalidArgument(f"colleagues: at most {MAX_COLLEAGUES:,}, not {len(found):,}")
    return tuple(dict.fromkeys(one for one in found if one.name or one.email))


def person_key(name: str) -> str:
    """Return a key that is equal for two spellings of one person's name.

    Case, width and spaces don't count, nor do spaces between Chinese, Japanese and Korean characters; "Lee, Ann" is
    "Ann Lee".
    """
    last, comma, first = name.partition(",")
    if comma and first.strip() and "," not in first:
        name = f"{first} {last}"
    key = name_key(name)
    return _BETWEEN.sub("", key) if _EAST_ASIAN.search(key) else key


def _checked(given: Any) -> Colleague:
    if isinstance(given, Colleague):
        given = {"name": given.name, "email": given.email, "team": given.team}
    elif isinstance(given, str):
        given = {"email": given} if domain_of(given) else {"name": given}
    if not isinstance(given, Mapping):
        raise InvalidArgument(f"colleagues: must be names, or dicts with name, email and team, not {shown(given)}")
    texts = {column_name(name): value for name, value in given.items()}
    left = {name: name for name in texts}
    told = {name: _text(name, texts[column]) for name, column in chosen(left, _COLUMNS).items()}
    name = told.get("name") or " ".join(filter(None, (told.get("first"), told.get("last")))) or None
    email = told.get("email")
    if email is not None and domain_of(email) is None:
        raise InvalidArgument(f"colleagues: {shown(email)} is not an e-mail address")
    if name is not None and is_label(name):
        raise InvalidArgument(
            f"colleagues: {shown(name)} is a label, not a name; say in labels who it is, by the files' source"
        )
    return Colleague(name=name, email=email, team=told.get("team"))


def _text(name: str, value: Any) -> str | None:
    found = as_text(given_or_none(value))
    if found is None:
        return None
    if not isinstance(found, str) or len(found) > MAX_LENGTH:
        raise InvalidArgument(f"colleagues: {name} must be text of at most {MAX_LENGTH} characters")
    return clean_name(found) or None


def _of_frame(frame: pd.DataFrame) -> list[Colleague]:
    names = {column_name(name) for name in frame.columns}
    if names.isdisjoint((*_COLUMNS["name"], *_COLUMNS["last"], *_COLUMNS["email"])):
        raise InvalidArgument("colleagues: no column for names; name it name, email or team")
    if len(frame) > MAX_COLLEAGUES:
        raise InvalidArgument(f"colleagues: at most {MAX_COLLEAGUES:,}, not {len(frame):,}")
    return [_checked(row) for row in frame.to_dict("records")]
