"""Retries after another writer was faster: reads what is to be changed again, and changes it then."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from workbench.domain.errors import CorpusUnavailable

ATTEMPTS = 30
_WAIT_S, _LONGEST_S = 0.02, 2.0
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Outrun(Exception):
    """Another writer has changed the corpus meanwhile; nothing was changed here."""


def again_when_outrun(work: Callable[_P, _T]) -> Callable[_P, _T]:
    """Repeat the work whenever another writer was faster; raises ``CorpusUnavailable`` if that never ends."""

    @wraps(work)
    def doing(*args: _P.args, **options: _P.kwargs) -> _T:
        for attempt in range(ATTEMPTS):
            try:
                return work(*args, **options)
            except Outrun as error:
                where = str(error)
                time.sleep(random.uniform(0, min(_LONGEST_S, _WAIT_S * 2**attempt)))
        raise CorpusUnavailable(f"{where}: others change the corpus all the time; try again later")

    return doing
