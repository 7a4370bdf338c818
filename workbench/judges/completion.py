"""Reads a chat completion without trusting its form."""

from __future__ import annotations

from typing import Any, NamedTuple

from workbench.domain.errors import CannotJudge
from workbench.judges import strict_json
from workbench.judges.bounded import MOST_BYTES

MOST_TOKENS = 1_000_000_000  # more is not a count


class CompletionReply(NamedTuple):
    """The text of a reply, None if there is none, and the tokens of request and reply."""

    text: str | None
    tokens: tuple[int, int]


def said_in(body: bytes) -> CompletionReply:
    """Of a response's body.

    Raises:
        CannotJudge: it does not follow the chat protocol.
    """
    try:
        done = strict_json.loads(body, MOST_BYTES)
        content = done["choices"][0]["message"]["content"]
    except (ValueError, TypeError, LookupError):
        raise CannotJudge("the endpoint's answer does not follow the chat protocol") from None
    used = done.get("usage")
    tokens = [_count(used.get(name)) if isinstance(used, dict) else 0 for name in _TOKENS]
    return CompletionReply(content if isinstance(content, str) else None, (tokens[0], tokens[1]))


def _count(value: Any) -> int:
    """Read a provider's count, which is only informative: an invalid one does not invalidate a verdict."""
    return value if type(value) is int and 0 <= value <= MOST_TOKENS else 0


_TOKENS = ("prompt_tokens", "completion_tokens")
