"""A judge behind any endpoint that speaks OpenAI's chat protocol; each request holds the sentences of one call."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from workbench.domain.errors import CannotJudge, JudgeUnavailable
from workbench.judges.protocol import Question, Snippet, Verdict
from workbench.judges.reply import (
    PROPOSALS,
    VERDICT,
    messages,
    proposal_messages,
    proposals_of,
    response_format,
    verdict_of,
)

URL, MODEL, KEY = "WORKBENCH_JUDGE_URL", "WORKBENCH_JUDGE_MODEL", "WORKBENCH_JUDGE_KEY"
TIMEOUT_S, RETRIES = 60.0, 4
_FORMAT = "endpoint-1"  # names what is sent and how replies are read: change it when verdicts change


class _Said(NamedTuple):
    text: str | None
    tokens: tuple[int, int]


class EndpointJudge:
    """Asks a chat model. Time-outs, 429 and 5xx are tried again, as late as the endpoint says.

    Args:
        url: where the protocol's paths begin, such as ``https://host/v1``.
        model: as the endpoint names it.
        api_key: sent with each request, and neither kept nor logged.
        timeout_s: for one try; ``TIMEOUT_S`` unless given.
        retries: of one request; ``RETRIES`` unless given.
    """

    def __init__(
        self, url: str, model: str, api_key: str = "", timeout_s: float | None = None, retries: int | None = None
    ) -> None:
        try:
            import openai
        except ImportError:
            raise JudgeUnavailable("the endpoint needs openai; pip install 'tracker-workbench[endpoint]'") from None
        self._openai: Any = openai
        self._client = openai.OpenAI(
            base_url=url,
            api_key=api_key or "none",
            timeout=TIMEOUT_S if timeout_s is None else timeout_s,
            max_retries=RETRIES if retries is None else retries,
        )
        self._model = model
        self._schema = True  # until the endpoint says that it knows none

    @property
    def key(self) -> str:
        return f"{_FORMAT}:{self._model}"

    def judge(self, question: Question, snippets: Sequence[Snippet]) -> Verdict:
        """See :class:`~workbench.judges.protocol.Judge`. A reply that is not as asked for is asked for once more."""
        if not snippets:
            return Verdict()
        said = messages(question, snippets)
        first = self._reply(said, VERDICT)
        try:
            return verdict_of(first.text, len(snippets), first.tokens)
        except CannotJudge:
            second = self._reply(said, VERDICT)
            sent, received = (one + other for one, other in zip(first.tokens, second.tokens, strict=True))
            return verdict_of(second.text, len(snippets), (sent, received))

    def proposals(self, question: Question) -> tuple[str, ...]:
        """Up to three more precise ways to ask. Raises ``CannotJudge`` and ``JudgeUnavailable``."""
        return proposals_of(self._reply(proposal_messages(question), PROPOSALS).text)

    def _reply(self, said: list[dict[str, str]], kind: Any) -> _Said:
        openai = self._openai
        try:
            return self._asked(said, kind)
        except openai.RateLimitError:
            raise JudgeUnavailable("the endpoint takes no more requests now (429); try again later") from None
        except openai.APITimeoutError:
            raise CannotJudge("the endpoint did not answer in time") from None
        except openai.APIConnectionError:
            raise JudgeUnavailable(f"the endpoint cannot be reached; check {URL}") from None
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise JudgeUnavailable(f"the endpoint refuses the key ({error.status_code}); check {KEY}") from None
        except openai.NotFoundError:
            raise JudgeUnavailable(f"the endpoint does not know this (404); check {URL} and {MODEL}") from None
        except openai.APIStatusError as error:
            raise CannotJudge(f"the endpoint answered {error.status_code}") from None
        except (openai.OpenAIError, ValueError, AttributeError, TypeError, IndexError, KeyError):
            raise CannotJudge("the endpoint's answer is not of the chat protocol") from None

    def _asked(self, said: list[dict[str, str]], kind: Any) -> _Said:
        given: dict[str, Any] = {"model": self._model, "messages": said, "temperature": 0}
        try:
            extra = {"response_format": response_format(kind)} if self._schema else {}
            done = self._client.chat.completions.create(**given, **extra)
        except self._openai.BadRequestError:
            if not self._schema:
                raise
            done = self._client.chat.completions.create(**given)
            self._schema = False
        used = getattr(done, "usage", None)
        tokens = (int(used.prompt_tokens or 0), int(used.completion_tokens or 0)) if used is not None else (0, 0)
        content = done.choices[0].message.content
        return _Said(content if isinstance(content, str) else None, tokens)


def from_environment() -> EndpointJudge:
    """The judge that the environment names.

    Raises:
        JudgeUnavailable: says which variable is missing.
    """
    url, model = os.environ.get(URL, ""), os.environ.get(MODEL, "")
    for name, value in ((URL, url), (MODEL, model)):
        if not value:
            raise JudgeUnavailable(f"no endpoint is set; put {name} into the environment")
    return EndpointJudge(url, model, os.environ.get(KEY, ""))


def is_configured() -> bool:
    """Whether the environment names an endpoint."""
    return bool(os.environ.get(URL) and os.environ.get(MODEL))
