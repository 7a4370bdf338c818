"""A model behind an OpenAI-compatible endpoint that puts the analyst's findings into prose."""

from __future__ import annotations

import os
from typing import Any

from workbench.domain.errors import CannotJudge, JudgeUnavailable
from workbench.judges.client import KEY, RETRIES, TIMEOUT_S, chat_client, openai_module
from workbench.judges.completion import said_in
from workbench.judges.endpoint import MODEL, URL, is_configured
from workbench.judges.spending import spend


class EndpointWriter:
    """Asks the chat endpoint that the environment names, as question trackers do; keeps and logs no key.

    Replies are limited in size and time; redirects are not followed.
    """

    def __init__(self, url: str, model: str, api_key: str = "", timeout_s: float = TIMEOUT_S, retries: int = RETRIES):
        self._openai: Any = openai_module()
        self._model = model
        self._client = chat_client(url, api_key, timeout_s, retries)

    def write(self, instructions: str, data: str) -> str:
        """Return the reply's text; raises ``JudgeUnavailable``, whose message does not contain what was sent."""
        said: list[Any] = [{"role": "system", "content": instructions}, {"role": "user", "content": data}]
        spend(said)
        create = self._client.chat.completions.with_raw_response.create
        try:
            return said_in(bytes(create(model=self._model, messages=said, temperature=0).content)).text or ""
        except (self._openai.OpenAIError, CannotJudge, ValueError) as error:
            raise JudgeUnavailable(f"the endpoint gave no answer in prose ({type(error).__name__})") from None


class NoWriter:
    """Replaces a writer that cannot be set up: the answer has no prose and says why."""

    def __init__(self, why: str):
        self._why = why

    def write(self, instructions: str, data: str) -> str:
        """Refuse to write; raises ``JudgeUnavailable``."""
        del instructions, data
        raise JudgeUnavailable(self._why)


def from_environment() -> EndpointWriter | NoWriter | None:
    """Return the writer that the environment names; None if it names none."""
    if not is_configured():
        return None
    try:
        return EndpointWriter(os.environ[URL], os.environ[MODEL], os.environ.get(KEY, ""))
    except JudgeUnavailable as error:
        return NoWriter(str(error))
