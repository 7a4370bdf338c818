"""The compared methods: environment and module, what each may read, and whose tags it takes over."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.quality import ours


@dataclass(frozen=True, slots=True)
class Method:
    """``peer`` names the environment; None runs here. ``tags_of`` is the run whose tags it learns from."""

    name: str
    title: str
    peer: str | None = None
    module: str = ""
    views: tuple[str, ...] = ("turn", "joined")
    tags_of: str | None = None
    slow: bool = False


THREE = ("turn", "joined", "beside")
REFERENCE = "ours-default"
METHODS = {
    one.name: one
    for one in (
        *(
            Method(name, f"workbench, recipe `{ours.recipe_of(name)}`", views=("own",), slow=name == ours.SLOW)
            for name in ours.NAMES
        ),
        Method("setfit-ours", "SetFit, the workbench's picks", "setfit", "with_setfit", tags_of=REFERENCE, slow=True),
        Method("setfit-random", "SetFit, random picks", "setfit", "with_setfit", tags_of="ours-random", slow=True),
        Method("small-text", "small-text, breaking ties, logistic regression", "small-text", "with_small_text", THREE),
        Method(
            "small-text-svc", "small-text, breaking ties, its own linear SVC", "small-text", "with_small_text", THREE
        ),
        Method(
            "tfidf-unsure", "tf-idf + logistic regression, least certain", "tfidf", "with_tfidf", ("turn", "beside")
        ),
        Method(
            "tfidf-random",
            "tf-idf + logistic regression, random picks",
            "tfidf",
            "with_tfidf",
            ("turn", "beside"),
            "ours-random",
        ),
    )
}
