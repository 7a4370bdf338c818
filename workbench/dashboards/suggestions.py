"""What to try where a search has found nothing: other words, the meaning, fewer filters, and what each would find."""

from __future__ import annotations

from collections.abc import Callable

from workbench.dashboards.asked import LABELS, DashboardQuery
from workbench.domain.plurals import plural
from workbench.domain.words import phrases_of
from workbench.widgets.protocol import LinkView

MOST = 6
MOST_WORDS = 4  # that are tried one by one
CountOfQuery = Callable[[DashboardQuery], int]


def suggestions(page: DashboardQuery, count: CountOfQuery, by_meaning: bool) -> list[LinkView]:
    """Return links to searches that find something; ``count`` says how many sentences one finds."""
    found: list[LinkView] = []
    words = page.query.get("words", "")
    if words and by_meaning:
        found.append(_without(page, f"Search for the meaning of “{words[:80]}”", "words", meaning=words))
    for name, label in LABELS.items():
        if name in page.query and (sentences := count(page.without(name))):
            said = f"Without the filter {label}: {plural(sentences, 'sentence')}"
            found.append(_without(page, said, name))
    parts = words.replace('"', " ").split()
    if len(parts) > 1:
        found += [
            _without(page, f"Only “{word}”: {plural(sentences, 'sentence')}", "words", words=word)
            for word in dict.fromkeys(parts[:MOST_WORDS])
            if phrases_of(word) and (sentences := count(page.without("words", words=word)))
        ]
    wider = page.query.get("meaning", "") and page.query.get("near") != "wide"
    if wider and (sentences := count(page.without("near", near="wide"))):
        found.append(_without(page, f"Less close in meaning: {plural(sentences, 'sentence')}", "near", near="wide"))
    return found[:MOST]


def _without(page: DashboardQuery, label: str, name: str, **instead: str) -> LinkView:
    return {"label": label, "page": page.page, "query": page.without(name, **instead).query}
