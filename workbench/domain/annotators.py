"""Several people who answer the same sentences: what counts of it, and which sentences are asked of everybody."""

from __future__ import annotations

import getpass
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from workbench.domain.errors import InvalidArgument
from workbench.domain.names import clean_name
from workbench.domain.rules import checked, person_rule
from workbench.domain.tags import Answer

USER = "WORKBENCH_USER"
EVERY = 5  # one in so many sentences of a round is asked of everybody: 5 of 25
NOBODY = ""  # gave the answers of a time when names were not kept; they count as anyone's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one person answered. One that ``settles`` was given after a look at what others had said."""

    by: str
    answer: Answer
    at: datetime
    settles: bool = False


def counted(given: Sequence[Given]) -> Answer:
    """Return the one answer that training takes of those that stand, at least one.

    The one that settles it; else what more than half of the people say; else NOT SURE.
    """
    settled = [one for one in given if one.settles]
    if settled:
        return max(settled, key=lambda one: one.at).answer
    answer, times = Counter(one.answer for one in given).most_common(1)[0]
    return answer if 2 * times > len(given) else Answer.NOT_SURE


def is_for_all(position: int) -> bool:
    """Return whether the sentence at this position of a round, counted from 0, is asked of everybody."""
    return position % EVERY == 0


def is_own(given: Given, user: str) -> bool:
    return given.by in (user, NOBODY)


def checked_user(name: str) -> str:
    """Return the name as it is kept; raises ``InvalidArgument``."""
    return checked(person_rule, name, "user", InvalidArgument)


def user_of(environment: Mapping[str, str] = os.environ) -> str:
    """Return who works here: ``WORKBENCH_USER``, else JupyterHub's user, else the system's."""
    named = [environment.get(USER, ""), environment.get("JUPYTERHUB_USER", "")]
    for name in named:
        if clean_name(name):
            return checked_user(name)
    try:
        return checked_user(getpass.getuser())
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return "somebody"
