"""What changed in conversations that were there: what those who keep sentences by their ids have to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench.domain.plurals import plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a change did to one conversation.

    Attributes:
        number: of the conversation.
        id: its id.
        heads: what changed beside the sentences, such as "deal_stage" or "fields".
        renamed: sentences that stay and have another id now: the id before, and after.
        gone: sentences that are gone: the id, and the key of what each said.
        texts: of those that are gone, unless the conversation was deleted, what was said before it, and what it said.
        new: how many sentences have come.
        deleted: whether the conversation is gone altogether.
    """

    number: int
    id: str
    heads: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    gone: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    new: int = 0
    deleted: bool = False

    def __str__(self) -> str:
        said = [f"{plural(len(self.gone), 'sentence')} gone"] if self.gone else []
        said += [f"{plural(self.new, 'sentence')} new"] if self.new else []
        said += [", ".join(one.removeprefix("deal_") for one in self.heads)] if self.heads else []
        return "; ".join(said) or "times or speakers"

    @property
    def is_said(self) -> bool:
        """Whether other sentences are said than before."""
        return bool(self.renamed or self.gone or self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Changes of some conversations that were made together; ``name`` is that of the note."""

    name: str
    conversations: tuple[Changed, ...]
