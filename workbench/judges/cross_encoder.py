"""A judge on this machine: a cross-encoder or an entailment model that the administrator allows. Needs torch."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from workbench.domain.allowed_models import is_allowed, may_download, refusal
from workbench.domain.errors import JudgeUnavailable
from workbench.engine.loading import load_cross_encoder
from workbench.judges.local import quoted
from workbench.judges.protocol import Mention, Question, Snippet, Verdict
from workbench.judges.statements import declared

_FORMAT = "cross-encoder-1"
_LOG = logging.getLogger(__name__)


class CrossEncoderJudge:
    """Reads question and sentence together.

    An entailment model is asked whether the sentence implies the question's statement; a similarity model with a single
    output, whether it answers the question. Sentences whose score is at ``least`` that count.

    Raises:
        JudgeUnavailable: the model is not among those that the administrator allows, or cannot be loaded.
    """

    at_once = 4

    def __init__(self, model: str, least: float):
        if not is_allowed(model):
            raise JudgeUnavailable(refusal(model))
        self._name = model
        self._least = least
        self._model = _loaded(model, may_download())

    @property
    def key(self) -> str:
        return f"{_FORMAT}:{self._name}:{self._least}"

    def judge(self, question: Question, snippets: Sequence[Snippet]) -> Verdict:
        """See :class:`~workbench.judges.protocol.Judge`."""
        if not snippets:
            return Verdict()
        entails = entailment(self._model)
        if entails is None:
            pairs = [(question.text, _in_context(one)) for one in snippets]
            scores = _sigmoid(self._logits(pairs).reshape(len(snippets), -1)[:, 0])
        else:
            statement = declared(question.text)
            scores = _softmax(self._logits([(_in_context(one), statement) for one in snippets]))[:, entails]
        found = [Mention(at, float(score)) for at, score in enumerate(scores) if score >= self._least]
        return Verdict(mentions=tuple(found), summary=quoted(snippets, found))

    def _logits(self, pairs: list[tuple[str, str]]) -> Any:
        import torch

        plain = torch.nn.Identity()
        found = self._model.predict(pairs, activation_fn=plain, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(found, dtype=np.float64)


def entailment(model: Any) -> int | None:
    """Return which output says that one text implies the other; None if there is none.

    Raises:
        JudgeUnavailable: it has several outputs, and none of that name.
    """
    names = {str(name).lower(): int(at) for at, name in (getattr(model.config, "id2label", None) or {}).items()}
    if "entailment" in names:
        return names["entailment"]
    if model.config.num_labels == 1:
        return None
    raise JudgeUnavailable("judge: the model has several outputs, none named entailment; list another model")


@lru_cache(maxsize=2)
def _loaded(name: str, download: bool) -> Any:
    try:
        model = load_cross_encoder(name, download=download)
    except Exception as error:  # noqa: BLE001, what a library says of it may quote what lies there: for the log alone
        _LOG.warning("the model %r was not loaded: %s: %.500r", name, type(error).__name__, str(error))
        raise JudgeUnavailable(f"judge: {name[:100]!r} cannot be loaded; this process's log says why") from None
    entailment(model)
    return model


def _in_context(one: Snippet) -> str:
    return f"{one.before} {one.text}".strip()


def _sigmoid(values: Any) -> Any:
    return 1 / (1 + np.exp(-values))


def _softmax(values: Any) -> Any:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
