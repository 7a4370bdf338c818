"""Recipes side by side (X1): the same labels, pools, seeds and number of tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from workbench.domain.errors import InvalidArgument, WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.paths import absolute
from workbench.research.simulation import Played, play, scene
from workbench.results.csv_export import write_csv
from workbench.workspace.workspace import Workspace

METRICS = ("f1", "precision", "hit_rate", "average_precision")
BAND = (0.1, 0.9)  # of the runs lie within a curve's band
_RESAMPLES = 4_000
_APART = ["label", "seed", "found_by", "not_by", "true", "sentence_id", "before", "text"]
_READ = 200  # disagreements kept of each pair, label and seed


@dataclass(frozen=True, slots=True, eq=False)
class ModelComparison:
    """The outcome of a comparison of recipes.

    ``runs`` has one row per recipe, label, seed and round with the figures on upcoming calls and the seconds taken;
    ``disagreements`` one row per sentence that one recipe's tracker finds and another's does not, with the truth.
    """

    runs: pd.DataFrame
    disagreements: pd.DataFrame

    @property
    def curves(self) -> pd.DataFrame:
        """Return the mean of each metric by recipe and round, with the band that contains 80% of the runs."""
        grouped = self.runs.groupby(["recipe", "round"], sort=False)
        parts = []
        for metric in METRICS:
            values = grouped[metric]
            low, high = (values.quantile(share) for share in BAND)
            parts.append(
                pd.DataFrame({"metric": metric, "mean": values.mean(), "low": low, "high": high}).reset_index()
            )
        return pd.concat(parts, ignore_index=True)

    @property
    def differences(self) -> pd.DataFrame:
        """Return the last round's differences, second recipe minus first, with a 95% interval.

        They are paired by label and seed.

        Bootstrap over labels and, within them, over seeds: runs on one label are alike.
        """
        last = self.runs[self.runs["round"] == self.runs["round"].max()]
        rows = []
        for first, second in combinations(last["recipe"].unique(), 2):
            for metric in METRICS:
                table = last.pivot_table(index=["label", "seed"], columns="recipe", values=metric)
                paired = (table[second] - table[first]).dropna()
                low, high = _interval(paired)
                rows.append(
                    {
                        "first": first,
                        "second": second,
                        "metric": metric,
                        "difference": float(paired.mean()),
                        "low": low,
                        "high": high,
                        "runs": len(paired),
                    }
                )
        return pd.DataFrame(rows)

    @property
    def cost(self) -> pd.DataFrame:
        """Return the median seconds per round by recipe: to pick, to learn and to estimate."""
        names = ["select_s", "fit_s", "estimate_s"]
        return self.runs.groupby("recipe", sort=False)[names].median().reset_index()

    def figure(self, metric: str = "f1") -> Any:
        """Return the learning curves with their bands, as a Plotly figure."""
        import plotly.graph_objects as go

        if metric not in METRICS:
            raise InvalidArgument(f"metric: must be one of {', '.join(METRICS)}, not {metric!r}")
        figure = go.Figure()
        for (name, curve), colour in zip(self._by_recipe(metric), _COLOURS * 9, strict=False):
            rounds = curve["round"].tolist()
            band = {"x": rounds + rounds[::-1], "y": curve["high"].tolist() + curve["low"].tolist()[::-1]}
            quiet = {"legendgroup": name, "showlegend": False, "hoverinfo": "skip"}
            figure.add_scatter(**band, fill="toself", mode="none", opacity=0.2, fillcolor=colour, **quiet)
            marks = {"mode": "lines+markers", "line": {"color": colour}, "legendgroup": name}
            figure.add_scatter(x=rounds, y=curve["mean"].tolist(), name=name, **marks)
        words = metric.replace("_", " ").replace("f1", "F1")
        figure.update_layout(
            template="plotly_white",
            title=f"{words[:1].upper()}{words[1:]} on upcoming calls, by round; the band holds 80% of the runs",
            xaxis={"title": "Round of 25", "dtick": 1},
            yaxis={"title": words, "range": [0, 1]},
            hovermode="x unified",
        )
        return figure

    def to_csv(self, folder: str | Path) -> list[Path]:
        """Write all tables into ``folder``, which is created; return the files.

        See :mod:`workbench.results.csv_export`.
        """
        out = absolute(folder)
        out.mkdir(parents=True, exist_ok=True)
        tables = {name: getattr(self, name) for name in ("runs", "curves", "differences", "cost", "disagreements")}
        for name, table in tables.items():
            write_csv(table, out / f"{name}.csv")
        return [out / f"{name}.csv" for name in tables]

    def to_png(self, path: str | Path, metric: str = "f1") -> Path:
        """Write the figure as a picture.

        Raises:
            WorkbenchError: there is no Chrome or Chromium to draw it.
        """
        try:
            self.figure(metric).write_image(absolute(path), format="png", width=900, height=520, scale=2)
        except (ImportError, ValueError, RuntimeError) as error:
            advice = "install Chrome or Chromium, or name one in BROWSER_PATH; or use the camera above the figure"
            raise WorkbenchError(f"could not create the picture ({error}); {advice}") from None
        return absolute(path)

    def _by_recipe(self, metric: str) -> list[tuple[str, pd.DataFrame]]:
        curves = self.curves[self.curves["metric"] == metric]
        return [(str(name), part) for name, part in curves.groupby("recipe", sort=False)]


_COLOURS = ("#1660b8", "#b8540f", "#1f7a4d", "#8a3fa0", "#5f6b7a", "#a12d2d")


def compare(
    workspace: Workspace,
    labels: Mapping[str, str] | Sequence[str],
    recipes: Sequence[str] = ("default", "random"),
    *,
    seeds: int = 3,
    rounds: int = 4,
    examples: int = 5,
    progress: bool = True,
) -> ModelComparison:
    """Play every recipe on every label and seed of a labelled workspace.

    Args:
        workspace: a workspace with labelled calls.
        recipes: the recipes to compare, by name.
        seeds: each draws the pool, the examples and the picks.
        rounds: rounds of 25 answers each.
        examples: example sentences that each run begins with.
        progress: show a bar of the runs that are done.
        labels: the concepts; a mapping gives the side of each (company, customer, anyone).

    Raises:
        InvalidArgument: a label is in no call, or a recipe has no such name.
    """
    sides = labels if isinstance(labels, Mapping) else dict.fromkeys(labels, "anyone")
    figures: list[dict[str, Any]] = []
    apart: list[pd.DataFrame] = []
    with tqdm(total=len(sides) * seeds * len(recipes), unit=" runs", desc="Comparing", disable=not progress) as bar:
        for label, side in sides.items():
            filters = Filters(side=side, scope="any", kinds=("call", "email"))  # type: ignore[arg-type]  # Filters checks them
            scenes = {name: scene(workspace, label, filters, name) for name in recipes}
            for seed in range(seeds):
                played = {}
                for name in recipes:
                    played[name] = play(scenes[name], label, seed, name, examples=examples, rounds=rounds)
                    bar.update()
                figures += [row for one in played.values() for row in _rows(one.run)]
                pairs = combinations(recipes, 2)
                apart += [_apart(workspace, label, seed, a, played[a], b, played[b]) for a, b in pairs]
    nothing = pd.DataFrame(columns=_APART)
    return ModelComparison(pd.DataFrame(figures), pd.concat([nothing, *apart], ignore_index=True))


def _rows(run: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "recipe": run["recipe"],
            "label": run["label"],
            "seed": run["seed"],
            "round": one["round"],
            "tags": one["tags"],
            "yes": one["yes"],
            **one["upcoming"],
            **{f"{name}_s": value for name, value in one["seconds"].items()},
        }
        for one in run["rounds"]
    ]


def _apart(workspace: Workspace, label: str, seed: int, a: str, one: Played, b: str, other: Played) -> pd.DataFrame:
    """Sentences that only one of two trackers finds, those that are true first."""
    places = np.flatnonzero(one.found != other.found)
    truth = one.upcoming.truth
    places = places[np.argsort(~truth[places], kind="stable")][:_READ]
    ids = [str(one.upcoming.ids[at]) for at in places]
    read = workspace.lake.sentences(ids, 1)
    return pd.DataFrame(
        [
            {
                "label": label,
                "seed": seed,
                "found_by": a if one.found[at] else b,
                "not_by": b if one.found[at] else a,
                "true": bool(truth[at]),
                "sentence_id": name,
                "before": read[name].before[-1].text if read[name].before else "",
                "text": read[name].text,
            }
            for at, name in zip(places, ids, strict=True)
        ],
        columns=_APART,
    )


def _interval(paired: pd.Series) -> tuple[float, float]:
    """Percentiles of the mean over resampled labels, and seeds within them; NaN for a single run."""
    groups = [group.to_numpy() for _, group in paired.groupby(level="label")]
    if len(paired) < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(0)
    means = np.empty(_RESAMPLES)
    for at in range(_RESAMPLES):
        chosen = rng.integers(0, len(groups), len(groups))
        means[at] = np.mean([rng.choice(groups[g], len(groups[g])).mean() for g in chosen])
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
