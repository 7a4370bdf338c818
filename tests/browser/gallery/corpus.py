"""A corpus for the gallery that lives in memory: a few conversations, among them hard ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from workbench.corpus.views import Counts, Facets, Line, Outline, SentenceInContext
from workbench.domain.conversations import Party, Side
from workbench.domain.errors import ConversationNotFound, TrackerNotFound
from workbench.domain.filters import Filters
from workbench.domain.time_zones import UTC_ZONE
from workbench.domain.words import finder
from workbench.training.suggestions import Suggestions

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LONG_WORD = "Preisverhandlungsgesprächsnachbereitungsprotokollvorlage"
MARKUP = '<img src=x onerror="alert(1)"> & "quotes"'
TALK = (
    "Thanks for making the time today.",
    "Happy to. We went through your offer with our finance people yesterday.",
    "And what did they say?",
    "That is just not in our price range this year.",
    "I see. Which part of it is the difficulty?",
    "The licences are fine. It's the onboarding fee that nobody had planned for.",
    "Could you go any lower on that?",
    "Let me see what I can do until Friday.",
    "That would help, since the renewal is due at the end of the quarter.",
    "I'll send you two versions, with and without the fee.",
    "Perfect. Please copy Priya as well.",
    "Will do. Talk on Friday then.",
)
ARABIC = (
    "صباح الخير، شكرا على وقتكم اليوم.",
    "راجعنا العرض مع الإدارة المالية أمس.",
    "السعر مرتفع جدا بالنسبة لنا هذا العام.",
    "هل يمكنكم تخفيض رسوم التهيئة (onboarding) قليلا؟",
    "سأرسل لكم عرضين يوم الجمعة.",
)
MAIL = (
    "Hello Marcus,",
    "thank you for the two versions.",
    "The second one is still a good deal more than we expected to pay.",
    "Could you go any lower on that cost?",
    "Kind regards,",
    "Dana",
)
LONG = (LONG_WORD * 3, f"{' '.join(TALK)} " * 6, MARKUP, "Yes.", f"https://example.com/{'a' * 300}")
PARTIES = (
    Party(id="m", name="Marcus Oyelaran", side=Side.COMPANY, email="marcus.oyelaran@tallyfern.example"),
    Party(id="d", name="Dana Whitfield", side=Side.CUSTOMER, email="dana.whitfield@amperehouse.example"),
)


class GalleryLake:
    """Conversations by id: ``call``, ``long``, ``arabic``, ``hours``, ``silent`` and ``mail``."""

    zone = UTC_ZONE

    def __init__(self) -> None:
        self._texts: dict[str, Sequence[str]] = {
            "call": TALK,
            "long": LONG,
            "arabic": ARABIC,
            "hours": [f"{number + 1}. {TALK[number % len(TALK)]}" for number in range(6_000)],
            "silent": (),
            "mail": MAIL,
        }

    def outline(self, conversation_id: str) -> Outline:
        texts = self._texts.get(conversation_id)
        if texts is None:
            raise ConversationNotFound(f"The workspace has no conversation {conversation_id!r}.")
        email = conversation_id == "mail"
        turns = range(len(texts))
        return Outline(
            id=conversation_id,
            kind="email" if email else "call",
            title=f"{LONG_WORD} {MARKUP}" if conversation_id == "long" else "Renewal review with Ampere House",
            started=START,
            duration_s=None if email else 2.4 * len(texts) + 4,
            account="Ampere House",
            media="https://recordings.example/call.mp3" if conversation_id == "call" else None,
            parties=PARTIES,
            first_row=0,
            starts=tuple(None if email else 2.4 * turn for turn in turns),
            sides=tuple(Side.CUSTOMER.value if email or turn % 2 else Side.COMPANY.value for turn in turns),
            turns=tuple(0 if email else turn for turn in turns),
        )

    def lines(self, outline: Outline, start: int, count: int) -> list[Line]:
        texts = self._texts[outline.id][start : start + count]
        return [self._line(outline, at, text) for at, text in enumerate(texts, start)]

    def matches(self, outline: Outline, words: str) -> list[int]:
        finds = finder(words)
        return [at for at, text in enumerate(self._texts[outline.id]) if finds(text)]

    def sides(self, keys: Sequence[int]) -> dict[int, set[str]]:
        return {}

    def breaks(self, outline: Outline) -> list[int]:
        return [1, 4, 5] if outline.id == "mail" else []

    def _line(self, outline: Outline, at: int, text: str) -> Line:
        speaker = next(one.name for one in PARTIES if one.side == outline.sides[at])
        turn, index = outline.turns[at], at - outline.turns.index(outline.turns[at])
        return Line(
            at=at,
            sentence_id=f"{outline.id}:{turn}:{index}",
            turn=turn,
            text=text,
            speaker=LONG_WORD if outline.id == "long" else speaker,
            side=outline.sides[at],
            start_s=outline.starts[at],
        )


class GalleryTrackers:
    """None at all."""

    def list(self) -> list[Any]:
        return []

    def unreadable(self) -> list[Any]:
        return []

    def get(self, id_or_name: str) -> Any:
        raise TrackerNotFound(f"There is no tracker {id_or_name!r}.")


class GalleryWorkspace:
    """The parts of a workspace that the widgets use, without files."""

    def __init__(self, values: int = 4, calls: int = 1_240) -> None:
        """``values`` is how many teams, accounts and stages there are to filter by."""
        self.lake = GalleryLake()
        self._calls = calls
        self.trackers = GalleryTrackers()
        self._values = values

    def language_advice(self, filters: Filters | None = None) -> None:
        return None

    def counts(self, filters: Filters | None = None) -> Counts:
        return Counts(conversations=self._calls, calls=self._calls, sentences=self._calls * 41)

    def similar_sentences(self, query: str, filters: Filters, *, examples: Sequence[str], wait: bool) -> Suggestions:
        found = [_said(at, text) for at, text in enumerate((*TALK[3:7], *LONG[:1], MARKUP, ARABIC[2]))]
        return Suggestions(sentences=tuple(found), meaning=True, close=4)

    def facets(self) -> Facets:
        names = {
            name: tuple(f"{name.title()[:-1]} {n + 1}" for n in range(self._values)) for name in ("stages", "teams")
        }
        people = tuple(f"{first} {n + 1}" for n in range(self._values) for first in ("Dana", "Marcus", "Priya"))
        accounts = (*(f"Account {n + 1}" for n in range(self._values)), LONG_WORD)
        return Facets(
            **names,
            accounts=accounts,
            languages=("de", "en", "es"),
            channels=("telephony", "web_conference"),
            directions=("conference", "inbound", "outbound"),
            scopes=("external", "internal"),
            outcomes=("lost", "open", "won"),
            participants=people[:5_000],
            fields={"region": ("North", "South"), "recorded twice": (True, False), "seats": (5.0, 10.0, 25.0)},
            usual_s=1_860.0,
            calls=1_240,
            conversations=1_240,
            first=START,
            last=START,
        )


def _said(at: int, text: str) -> SentenceInContext:
    return SentenceInContext(
        id=f"call:{at}:0",
        row=at,
        text=text,
        speaker="Dana Whitfield",
        side="customer",
        start_s=60.0 * at,
        before=(),
        after=(),
        conversation_id="call",
        title=f"{LONG_WORD} {MARKUP}" if text == MARKUP else "Renewal review with Ampere House",
        started=START,
        media=None,
        kind="call",
    )
