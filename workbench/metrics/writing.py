"""A model behind an OpenAI-compatible endpoint that puts the analyst's findings into prose."""

from __future__ import annotations

import os
from typing import Any

from workbench.domain.errors import JudgeUnavailable
from workbench.judges.endpoint import KEY, MODEL, RETRIES, TIMEOUT_S, URL, is_configured


class EndpointWriter:
    """Asks the chat endpoint that the environment names, as question trackers do; keeps and logs no key."""

    def __init__(self, url: str, model: str, api_key: str = "", timeout_s: float = TIMEOUT_S, retries: int = RETRIES):
        try:
            import openai
        except ImportError:
            raise JudgeUnavailable("the endpoint needs openai; pip install 'tracker-workbench[endpoint]'") from None
        self._openai: Any = openai
        self._model = model
        self._client = openai.OpenAI(
            base_url=url, api_key=api_key or "none", timeout=timeout_s, max_retries=retries, organization="", project=""
        )

    def write(self, instructions: str, data: str) -> str:
        """The reply's text; raises ``JudgeUnavailable``, whose message holds nothing of what was sent."""
        said = [{"role": "system", "content": instructions}, {"role": "user", "content": data}]
        try:
            done = self._client.chat.completions.create(model=self._model, messages=said, temperature=0)
            return str(done.choices[0].message.content or "")
        except (self._openai.OpenAIError, ValueError, AttributeError, TypeError, IndexError, KeyError) as error:
            raise JudgeUnavailable(f"the endpoint gave no answer in prose ({type(error).__name__})") from None


def from_environment() -> EndpointWriter | None:
    """The writer that the environment names; None where it names none."""
    if not is_configured():
        return None
    return EndpointWriter(os.environ[URL], os.environ[MODEL], os.environ.get(KEY, ""))
