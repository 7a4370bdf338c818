"""Which published versions have learnt from sentences of some conversations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, or_, select

from workbench.store.forgetting import conversation_of
from workbench.store.tables import answers, publications, trackers
from workbench.store.trackers import shown_name

_AT_ONCE = 100  # conversations of one statement


def versions_taught_by(engine: Engine, conversation_ids: Sequence[str]) -> list[str]:
    """Name the versions published after an answer about one of these conversations, such as "Price 2".

    Their model files contain vectors of the sentences that they learnt from, so publish these trackers again.
    """
    taught: dict[str, list[object]] = {}
    with engine.connect() as connection:
        for start in range(0, len(conversation_ids), _AT_ONCE):
            some = set(conversation_ids[start : start + _AT_ONCE])
            mine = or_(*(answers.c.sentence_id.startswith(f"{one}:", autoescape=True) for one in some))
            rows = connection.execute(select(answers.c.tracker_id, answers.c.sentence_id, answers.c.at).where(mine))
            for tracker_id, name, at in rows:
                if conversation_of(name) in some:
                    taught.setdefault(tracker_id, []).append(at)
        out = []
        for tracker_id, moments in sorted(taught.items()):
            query = select(trackers.c.name, publications.c.version).join(
                trackers, trackers.c.id == publications.c.tracker_id
            )
            first = min(moments)  # type: ignore[type-var]  # moments of one database
            after = (publications.c.tracker_id == tracker_id) & (publications.c.published >= first)
            rows_of = connection.execute(query.where(after).order_by(publications.c.version))
            out += [f"{shown_name(tracker_id, name)} {version}" for name, version in rows_of]
    return out
