"""Made-up live calls for the gallery, told by journals that lie in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.browser.gallery.corpus import ARABIC, LONG, LONG_WORD, MARKUP, PARTIES, TALK, GalleryWorkspace
from workbench.domain.live import LiveState
from workbench.widgets import live_views
from workbench.widgets.live_monitor import LiveMonitor
from workbench.widgets.protocol import LiveCallView, LivePage, RecordedView

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY, OTHER_KEY = "a" * 24, "b" * 24
NAMES = ("Pricing objections", "Next steps", "Asks for a discount")
MANY = tuple(f"{name} {n}" for n in range(4) for name in NAMES)
PAGES: list[LivePage] = [{"page": name, "label": name.capitalize()} for name in ("overview", "search", "live")]
LATER = [
    {"tracker": "Discount offered", "reason": "A question about the whole call is answered when it has ended."},
    {"tracker": "Renewal at risk", "reason": "It was fine-tuned, which takes too long while a call goes on."},
]
FAILURE = "The replay stopped: the disk is full. Make room, then start it again."
Line = dict[str, Any]


class GalleryMonitor(LiveMonitor):
    """Shows what it is given, whatever its page asks."""

    def __init__(
        self,
        lines: Sequence[Line] = (),
        state: LiveState = LiveState.LIVE,
        playing: Any = None,
        can_replay: bool = True,
        **traits: Any,
    ) -> None:
        self._lines, self._state, self._replay = list(lines), state, playing
        super().__init__(GalleryWorkspace(), can_replay=can_replay)
        for name, value in traits.items():
            setattr(self, name, value)

    def _handle(self, content: dict[str, Any]) -> Any:
        if content["kind"] == "calls":
            return self._calls() if self._lines else []
        if content["kind"] == "follow":
            fresh = self._lines if content["cursor"] == 0 else []
            return live_views.news(self._calls()[0], fresh, len(self._lines), more=False)
        return _recorded(12) if content["kind"] == "recorded" else None

    def _calls(self) -> list[LiveCallView]:
        now = START + timedelta(seconds=187)
        first = live_views.call(KEY, self._lines[0], self._state, now, self._replay)
        before = START - timedelta(minutes=42)
        ended = {"call": {"id": "call-8", "title": "Onboarding with Brightwater"}, "began": before.isoformat()}
        return [first, live_views.call(OTHER_KEY, ended, LiveState.ENDED, now)]


def states() -> dict[str, GalleryMonitor]:
    going_on = [heading(), trackers(LATER), *talk(TALK[:9], (3, 6)), *guesses()]
    replay = SimpleNamespace(speed=10.0, done=False, error="")
    broken = SimpleNamespace(speed=10.0, done=True, error=FAILURE)
    over = {"ended": START.isoformat(), "kept": True, "found": 5}
    hours = [f"{TALK[n % len(TALK)]} That was number {n}." for n in range(1_000)]
    return {
        "nothing yet": GalleryMonitor(),
        "a call under way": GalleryMonitor(going_on),
        "a replay": GalleryMonitor([heading(speed=10.0), trackers(), *talk(TALK[:7], (3, 6))], playing=replay),
        "ended": GalleryMonitor([heading(), trackers(), *talk(TALK, (3, 4, 6, 7, 9)), over], LiveState.ENDED),
        "left": GalleryMonitor([heading(), trackers(), *talk(TALK[:4], (3,))], LiveState.LEFT),
        "many finds": GalleryMonitor([heading(), trackers(names=MANY), *talk(hours, range(2, 1_000, 3), MANY)]),
        "nothing was said": GalleryMonitor([heading(), trackers(names=())]),
        "long text": GalleryMonitor(hostile()),
        "right to left": GalleryMonitor([heading(title=ARABIC[1]), trackers(), *talk(ARABIC, (2, 3), (ARABIC[3],))]),
        "read only": GalleryMonitor([heading(), trackers(), *talk(TALK[:6], (3,))], can_replay=False, pages=PAGES),
        "read only, nothing yet": GalleryMonitor(can_replay=False),
        "error": GalleryMonitor([heading(speed=10.0), trackers(), *talk(TALK[:3], ())], LiveState.LEFT, playing=broken),
    }


def heading(title: str = "Renewal review with Ampere House", speed: float | None = None) -> Line:
    parties = [{"id": one.id, "name": one.name, "side": one.side} for one in PARTIES]
    call = {"id": "call", "title": title, "account": "Ampere House", "parties": parties}
    return {"call": call, "began": START.isoformat(), "speed": speed}


def trackers(later: Sequence[Line] = (), names: Sequence[str] = NAMES) -> Line:
    return {"trackers": {"watching": list(names), "later": list(later)}}


def talk(texts: Sequence[str], found: Sequence[int], names: Sequence[str] = NAMES) -> list[Line]:
    """Return a line a turn; in those at ``found``, trackers find the whole of it in turn."""
    lines = [{"turn": _turn(at, text), "at": at, "events": []} for at, text in enumerate(texts)]
    for nth, at in enumerate(found):
        lines[at]["events"] = [event(at, texts[at], names[nth % len(names)])]
    return lines


def guesses() -> list[Line]:
    """Return a find that was withdrawn when its turn was corrected, and a turn that is a guess still, with a find in
    it.
    """
    wrong, right, now = "That would help to lower the", TALK[8], "I'll send you two versions without the fee"
    found = event(8, wrong, NAMES[2], provisional=True)
    return [
        {"turn": _turn(8, wrong, final=False), "at": 8, "events": [found]},
        {"turn": _turn(8, right), "at": 8, "events": [{**found, "kind": "withdrawn"}]},
        {"turn": _turn(9, now, final=False), "at": 9, "events": [event(9, now, NAMES[1], provisional=True)]},
    ]


def hostile() -> list[Line]:
    """Long words, markup and long turns wherever there is text; two trackers find the same."""
    first = heading(title=f"{LONG_WORD} {MARKUP}")
    first["call"]["account"] = LONG_WORD
    first["call"]["parties"] = [{"id": "m", "name": f"{LONG_WORD} {MARKUP}", "side": "company"}]
    names = (LONG_WORD, MARKUP, ARABIC[2])
    later = [{"tracker": f"{LONG_WORD} {MARKUP}", "reason": LONG[1]}]
    lines = talk([*LONG, "x" * 5_000], (0, 2, 4), names)
    lines[2]["events"].append(event(2, LONG[2], LONG_WORD))
    return [first, trackers(later, names), *lines]


def event(at: int, text: str, tracker: str, provisional: bool = False) -> Line:
    return {
        "kind": "found",
        "tracker_id": f"t {tracker}",
        "tracker": tracker,
        "sentence_id": f"call:{at}:0",
        "turn": at,
        "start": 0,
        "end": len(text),
        "text": text,
        "start_s": 20.0 * at,
        "provisional": provisional,
        "latency_s": 0.02 + 0.004 * (at % 7),
    }


def _turn(at: int, text: str, final: bool = True) -> Line:
    return {"id": str(at), "text": text, "party": "md"[at % 2], "start_s": 20.0 * at, "final": final}


def _recorded(count: int) -> list[RecordedView]:
    titles = ("Renewal review with Ampere House", "Onboarding with Brightwater", f"{LONG_WORD} {MARKUP}")
    return [
        {
            "conversation_id": f"call-{n}",
            "title": titles[n % 3],
            "account": "Ampere House",
            "date": "2 Mar 2026",
            "duration": 754.0 + n,
            "turns": 64 + n,
        }
        for n in range(count)
    ]
