"""Names that people spell in several ways: which spellings are one name, and which of them is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, get_args

from workbench.domain.errors import InvalidArgument, NotFound
from workbench.domain.names import clean_name, name_key

AliasKind = Literal["person", "team", "account"]
KINDS: tuple[AliasKind, ...] = get_args(AliasKind)
MAX_SPELLING = 400
MAX_SPELLINGS = 20_000

key_of = lru_cache(maxsize=100_000)(name_key)
"""What spellings are compared by, kept for names that come again and again."""


class AliasNotFound(NotFound):
    """A name is not an alias, and has none."""


@dataclass(frozen=True, slots=True)
class AliasTable:
    """Main names by kind, each with its other spellings. Spellings are alike whatever their case, spaces and width."""

    groups: Mapping[AliasKind, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    _mains: Mapping[AliasKind, Mapping[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        mains = {
            kind: {key_of(one): name for name, spellings in groups.items() for one in (name, *spellings)}
            for kind, groups in self.groups.items()
        }
        object.__setattr__(self, "_mains", mains)

    def mains(self, kind: AliasKind) -> Mapping[str, str]:
        """Return the main name of each spelling, by the spelling's key; main names stand there, too."""
        return self._mains.get(kind, {})

    def main(self, kind: AliasKind, name: str) -> str:
        """Return the main name of a spelling; any other name stays as it is."""
        mains = self.mains(kind)
        return mains.get(key_of(name), name) if mains else name

    def spellings(self, kind: AliasKind, name: str) -> tuple[str, ...]:
        """Return all spellings of the name of which this is one, the main name first."""
        main = self.mains(kind).get(key_of(name))
        return (name,) if main is None else (main, *self.groups[kind][main])

    def with_added(self, kind: AliasKind, name: str, spellings: Iterable[str]) -> AliasTable:
        """Return the table in which these are spellings of ``name``, beside those that it has.

        One that is a main name brings its own spellings along.

        Raises:
            InvalidArgument: a name is empty or too long, is a spelling of another name, or there would be too many.
        """
        name, others = _checked("name", name), [_checked("spellings", one) for one in spellings]
        groups = dict(self.groups.get(kind, {}))
        kept = self._taken(kind, name, groups, "name")
        for one in others:
            kept += [one, *(() if key_of(one) == key_of(name) else self._taken(kind, one, groups, "spellings", name))]
        found: dict[str, str] = {}
        for one in kept:
            found.setdefault(key_of(one), one)
        found.pop(key_of(name), None)
        if not found:
            raise InvalidArgument(f"spellings: give at least one other spelling of {name!r}")
        groups[name] = tuple(found.values())
        made = AliasTable({**self.groups, kind: groups})
        if sum(len(one) for of in made.groups.values() for one in of.values()) > MAX_SPELLINGS:
            raise InvalidArgument(f"spellings: a workspace keeps at most {MAX_SPELLINGS:,}")
        return made

    def without(self, kind: AliasKind, name: str) -> AliasTable:
        """Return the table without a spelling; without a main name and all of its spellings.

        Raises:
            AliasNotFound: it is neither.
        """
        main = self.mains(kind).get(key_of(name))
        if main is None:
            raise AliasNotFound(f"{name!r} is not an alias of kind {kind}; ws.aliases.table() lists them")
        groups = dict(self.groups[kind])
        spellings = tuple(one for one in groups.pop(main) if key_of(one) != key_of(name))
        if spellings and key_of(main) != key_of(name):
            groups[main] = spellings
        return AliasTable({**self.groups, kind: groups})

    def to_dict(self) -> dict[str, dict[str, list[str]]]:
        """Return plain JSON types; :meth:`from_dict` reads them back."""
        return {
            kind: {name: list(own) for name, own in groups.items()} for kind, groups in self.groups.items() if groups
        }

    @classmethod
    def from_dict(cls, data: Any) -> AliasTable:
        """Read the table; raises ``ValueError`` or ``TypeError`` for what is none."""
        groups: dict[AliasKind, dict[str, tuple[str, ...]]] = {}
        for kind, names in dict(data).items():
            groups[checked_kind(kind)] = {_text(name): tuple(map(_text, own)) for name, own in dict(names).items()}
        return cls(groups)

    def _taken(
        self, kind: AliasKind, name: str, groups: dict[str, tuple[str, ...]], what: str, of: str | None = None
    ) -> list[str]:
        """Take the group of a main name out of ``groups``; return its spellings."""
        main = self.mains(kind).get(key_of(name))
        if main is None or (of is not None and key_of(main) == key_of(of)):
            return []
        if key_of(main) != key_of(name):
            raise InvalidArgument(f"{what}: {name!r} is a spelling of {main!r}; remove it there first")
        return list(groups.pop(main, ()))


NO_ALIASES = AliasTable()


def checked_kind(kind: str) -> AliasKind:
    """Return the kind; raises ``InvalidArgument`` for another one."""
    for known in KINDS:
        if kind == known:
            return known
    raise InvalidArgument(f"kind: must be one of {', '.join(KINDS)}, not {kind!r}")


def _checked(what: str, name: Any) -> str:
    if not isinstance(name, str) or not (cleaned := clean_name(name)):
        raise InvalidArgument(f"{what}: give a name, not {str(name)[:60]!r}")
    if len(cleaned) > MAX_SPELLING:
        raise InvalidArgument(f"{what}: must have at most {MAX_SPELLING} characters; shorten {cleaned[:60]!r}")
    return cleaned


def _text(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError("must be text")
    return name
