"""The aliases of a workspace: which spellings of people, teams and accounts are one name."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.corpus.people import is_label
from workbench.domain.aliases import checked_kind
from workbench.domain.errors import InvalidArgument
from workbench.resources import Resources
from workbench.resources.conventions import change_aliases

COLUMNS = ("kind", "name", "spelling")


class Aliases:
    """The aliases of a workspace, stored in its database; every kernel and dashboard uses them at once."""

    def __init__(self, resources: Resources):
        self._resources = resources

    def add(self, name: str, spellings: Sequence[str], *, kind: str = "person") -> None:
        """Treat these spellings as one name, which is shown for all of them; case, spaces and width make no difference.

        Earlier ones are kept. A spelling that has spellings of its own brings them along.

        Args:
            name: the main name.
            spellings: other spellings of it, or e-mail addresses of a person.
            kind: person, team or account.

        Raises:
            InvalidArgument: says what cannot be used: a name that is empty, too long, the label of a recogniser, or a
                spelling of another name.
        """
        self._resources.check_writable()
        wanted = checked_kind(kind)
        if isinstance(spellings, str):
            raise InvalidArgument(f"spellings: give a list, not the single text {spellings!r}")
        given = list(spellings)
        for one in (name, *given) if wanted == "person" else ():
            if isinstance(one, str) and is_label(one):
                raise InvalidArgument(f"{one!r} is a label that many people have; give names or e-mail addresses")
        change_aliases(self._resources.state, lambda table: table.with_added(wanted, name, given))

    def remove(self, name: str, *, kind: str = "person") -> None:
        """Remove a spelling, which then is a name of its own again, or a main name with all of its spellings.

        Raises:
            AliasNotFound: it is neither.
            InvalidArgument: ``kind`` is not person, team or account.
        """
        self._resources.check_writable()
        wanted = checked_kind(kind)
        change_aliases(self._resources.state, lambda table: table.without(wanted, name))

    def table(self) -> pd.DataFrame:
        """Return all aliases, one spelling per row: kind, name (the main one) and spelling."""
        groups = self._resources.lake.conventions().aliases.groups
        rows = [(kind, name, one) for kind, own in groups.items() for name in own for one in own[name]]
        found = pd.DataFrame(sorted(rows), columns=list(COLUMNS))
        return found.astype("str")
