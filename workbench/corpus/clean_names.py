"""The names in a conversation, cleaned before they are stored: title, account, teams, people, language, deal stage."""

from __future__ import annotations

from dataclasses import replace

from workbench.domain.conversations import Conversation, Party
from workbench.domain.language_tags import language_tag
from workbench.domain.names import clean_name


def with_clean_names(conversation: Conversation) -> Conversation:
    """Return the conversation with its names cleaned.

    A name that is empty once cleaned becomes None; ids stay as they are, and the language becomes a tag.
    """
    deal = conversation.deal
    return replace(
        conversation,
        title=_cleaned(conversation.title),
        account=_cleaned(conversation.account),
        team=_cleaned(conversation.team),
        language=language_tag(conversation.language),
        deal=None if deal is None else replace(deal, stage=_cleaned(deal.stage)),
        parties=tuple(map(with_clean_party, conversation.parties)),
    )


def with_clean_party(party: Party) -> Party:
    """Return the party with its name, team and address cleaned; None for one that is empty once cleaned."""
    return replace(party, name=_cleaned(party.name), team=_cleaned(party.team), email=_cleaned(party.email))


def _cleaned(name: str | None) -> str | None:
    return None if name is None else clean_name(name) or None
