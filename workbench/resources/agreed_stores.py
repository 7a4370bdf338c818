"""The stores in which this user has agreed to keep corpora: a workspace from elsewhere could name another's bucket.

Kept in the user's own folder, as nothing that comes with a workspace may say it; see docs/decisions/0019-trust.md.
"""

from __future__ import annotations

import os
from contextlib import suppress

from workbench.domain.errors import WorkspaceNotTrusted
from workbench.domain.user_folder import read_note, write_note
from workbench.store.trust import TRUST

_NOTE = "corpora.json"
_MOST = 1_000


def agree_to(url: str) -> None:
    """Note that this user keeps corpora there; where it cannot be noted, they are asked each time."""
    known = _known()
    if url not in known:
        with suppress(OSError, RuntimeError):
            write_note(_NOTE, {"corpora": [*known[-_MOST + 1 :], url]})


def check_agreed(url: str) -> None:
    """Raise ``WorkspaceNotTrusted`` unless this user keeps corpora there."""
    if os.environ.get(TRUST) != "1" and url not in _known():
        raise WorkspaceNotTrusted(
            f"this workspace keeps its corpus in {url}, to which you have not agreed: what you import would be sent "
            f"there. If it is yours, run `workbench corpus {url}` or give corpus={url!r} once; for a service set "
            f"{TRUST}=1"
        )


def _known() -> list[str]:
    try:
        found = read_note(_NOTE).get("corpora")
    except RuntimeError:  # no home
        return []
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
