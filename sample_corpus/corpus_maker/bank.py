"""Loads the content files and hands out skeletons evenly, so that none dominates the corpus."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

_SHORT = re.compile(r"^([a-z])> (.*)$")
_LABEL = re.compile(r"\s@([a-z_,]+)$")


@dataclass(frozen=True)
class Template:
    """One skeleton: `id` is "pool:number"; `labels` hold whoever says it, where nothing else is stated."""

    id: str
    text: str
    labels: tuple[str, ...]


def parse(source: str) -> dict[str, list[Template]]:
    """Read one content file: ``== pool @label`` or ``== T topic`` headings, one skeleton a line below."""
    pools: dict[str, list[Template]] = {}
    base, labels, topic = "", (), False
    for line in source.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("== "):
            head, labels = _split_labels(line[3:])
            topic = head.startswith("T ")
            base = head.removeprefix("T ")
            continue
        pool, text = base, line
        if topic and (short := _SHORT.match(line)):
            pool, text = f"{base}.{short[1]}", short[2]
        text, own = _split_labels(text)
        found = pools.setdefault(pool, [])
        found.append(Template(f"{pool}:{len(found)}", text, labels + own))
    return pools


def _split_labels(text: str) -> tuple[str, tuple[str, ...]]:
    found = _LABEL.search(text)
    return (text[: found.start()], tuple(found[1].split(","))) if found else (text, ())


class Bank:
    """All pools of skeletons, and how often each skeleton has been used."""

    def __init__(self, folder: Path) -> None:
        self.pools: dict[str, list[Template]] = {}
        for path in sorted(folder.glob("*.txt")):
            for name, templates in parse(path.read_text(encoding="utf-8")).items():
                if name in self.pools:
                    raise ValueError(f"{path.name}: the pool {name} exists already")
                self.pools[name] = templates
        self.uses: Counter[str] = Counter()

    def choose(self, pool: str, rng: random.Random, avoid: Collection[str] = ()) -> Template:
        """Draw from a pool: nothing from `avoid` if it can be helped, rarely used ones first."""
        templates = [t for t in self.pools[pool] if t.id not in avoid] or self.pools[pool]
        weights = [1.0 / (1 + self.uses[t.id]) ** 2 for t in templates]
        chosen = rng.choices(templates, weights)[0]
        self.uses[chosen.id] += 1
        return chosen

    def topics(self, prefix: str) -> list[str]:
        """Names of the topics that start with `prefix`, in file order."""
        names = [pool.rsplit(".", 1)[0] for pool in self.pools if pool.startswith(prefix)]
        return list(dict.fromkeys(names))
