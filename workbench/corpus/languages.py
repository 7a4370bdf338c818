"""The language of a conversation that does not say it, told from its words."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from workbench.domain.conversations import Conversation

SURE = 0.8  # least probability: below, a few words could be anything
READ = 4_000  # characters; more of a call tell no more
_NONE = "zxx"  # no words at all


def with_language(conversation: Conversation) -> Conversation:
    """Return the conversation, with the language of its words if it states none and they tell.

    py3langid does it: a model of 5 MB that comes with the package, ISO 639-1 codes.
    """
    if conversation.language:
        return conversation
    language = detected(" ".join(turn.text for turn in conversation.turns))
    return conversation if language is None else replace(conversation, language=language)


def detected(text: str) -> str | None:
    """Return the language of a text as an ISO 639-1 code; None if its words do not tell."""
    text = text[:READ].encode("utf-8", "ignore").decode()
    if not any(sign.isalpha() for sign in text):
        return None
    language, probability = _identifier().classify(text)
    return None if language == _NONE or probability < SURE else str(language)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
