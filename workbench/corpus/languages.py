"""The language of a conversation that does not state it, detected from its words."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from workbench.domain.conversations import Conversation

SURE = 0.8  # minimum probability: below it, a few words could be anything
READ = 4_000  # characters; more of a call do not improve the result
_NONE = "zxx"  # no words at all


def with_language(conversation: Conversation) -> Conversation:
    """Return the conversation, with the language detected from its words if it states none.

    Uses py3langid, whose model of 5 MB comes with the package and returns ISO 639-1 codes.
    """
    if conversation.language:
        return conversation
    language = detected(" ".join(turn.text for turn in conversation.turns))
    return conversation if language is None else replace(conversation, language=language)


def detected(text: str) -> str | None:
    """Return the language of a text as an ISO 639-1 code; None if it cannot be detected."""
    text = text[:READ].encode("utf-8", "ignore").decode()
    if not any(sign.isalpha() for sign in text):
        return None
    language, probability = _identifier().classify(text)
    return None if language == _NONE or probability < SURE else str(language)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
