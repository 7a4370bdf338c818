"""Redacts what is heard in a live call before it is written or matched, if the workspace is set to."""

from __future__ import annotations

from dataclasses import replace

from workbench.corpus.redaction.kinds import PARTICIPANTS
from workbench.corpus.redaction.redactor import Redactor
from workbench.domain.conversations import Conversation, Turn
from workbench.domain.live import MAX_TURN, LiveTurn
from workbench.resources import Resources
from workbench.resources.redaction import default_redaction


class LiveRedactor:
    """Redacts turn by turn; does nothing if imports redact nothing.

    Each turn is looked at by itself, with the names that were given before it. Participants are named until the call is
    imported.
    """

    def __init__(self, resources: Resources) -> None:
        kinds = [kind for kind in default_redaction(resources.state) if kind != PARTICIPANTS]
        self._redactor = Redactor(kinds) if kinds else None
        self._introduced: set[str] = set()

    def about(self, conversation: Conversation) -> Conversation:
        """Return what is known of the call, with its title redacted."""
        return conversation if self._redactor is None else self._redactor.redact(conversation).conversation

    def turn(self, turn: LiveTurn, about: Conversation) -> LiveTurn:
        """Return the turn with placeholders; the call's participants are known by name."""
        if self._redactor is None:
            return turn
        alone = replace(about, title=None, turns=(Turn(text=turn.text, party=turn.party),))
        said = self._redactor.redact(alone, self._introduced)
        return replace(turn, text=said.conversation.turns[0].text[:MAX_TURN])
