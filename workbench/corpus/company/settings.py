"""What a workspace knows about its own company, to decide sides that files don't state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from workbench.corpus.company.channels import checked_channel
from workbench.corpus.company.colleagues import Colleague, GivenColleagues, colleagues_of
from workbench.corpus.company.domains import checked_domain
from workbench.corpus.company.sources import EVERYTHING
from workbench.corpus.formats.reasons import shown
from workbench.domain.conversations import Side
from workbench.domain.errors import InvalidArgument

MAX_DOMAINS = 1_000
MAX_SOURCES = 1_000
MAX_SOURCE_LABELS = 1_000
MAX_SOURCE_TEXT = 500
EVERYONE_ELSE = "*"
"""Among the labels of a source: everyone without a label of their own here."""

GivenDomains = str | Iterable[str]
GivenChannels = str | int | Mapping[str, Any]
GivenLabels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What identifies the company.

    Attributes:
        domains: of its e-mail addresses; subdomains count, too.
        colleagues: its people.
        channels: by source, the channel that is the company's: "left", "right" or its number.
        labels: by source, the side for each label from speech recognition; "*" is everyone else there.
    """

    domains: tuple[str, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.domains or self.colleagues or self.channels or self.labels)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types; :func:`company_of` reads them back."""
        people = [{name: value for name, value in asdict(one).items() if value} for one in self.colleagues]
        labels = {source: dict(own) for source, own in self.labels.items()}
        return {
            "domains": list(self.domains),
            "colleagues": people,
            "channels": dict(self.channels),
            "labels": labels,
        }


def company_of(
    domains: GivenDomains = (),
    colleagues: GivenColleagues = (),
    channels: GivenChannels | None = None,
    labels: GivenLabels | None = None,
) -> Company:
    """Check the settings of a company.

    Raises:
        FileNotFoundError: ``colleagues`` is a path that does not exist.
        InvalidArgument: something cannot be used; says what: the domain of a public provider, a label in place of a
            colleague's name, an invalid channel or side; or there are too many.
    """
    given = [domains] if isinstance(domains, str) else list(domains)
    found = tuple(dict.fromkeys(map(checked_domain, given)))
    _few("domains", found, MAX_DOMAINS)
    return Company(
        domains=found, colleagues=colleagues_of(colleagues), channels=_channels(channels), labels=_labels(labels)
    )


def with_domains(company: Company, domains: GivenDomains) -> Company:
    """Return a company with further domains; raises ``InvalidArgument`` for an invalid one."""
    further = company_of(domains).domains
    return replace(company, domains=tuple(dict.fromkeys((*company.domains, *further))))


def _channels(given: GivenChannels | None) -> dict[str, str]:
    if given is None:
        return {}
    by_source = given if isinstance(given, Mapping) else {EVERYTHING: given}
    _few("channels", by_source, MAX_SOURCES)
    out: dict[str, str] = {}
    for source, value in by_source.items():
        channel = checked_channel(value)
        if channel is None:
            raise InvalidArgument(f"channels: {shown(value)} is not a channel; give left, right, or its number")
        out[_source("channels", source)] = channel
    return out


def _labels(given: GivenLabels | None) -> dict[str, dict[str, str]]:
    by_source = given if given is not None else {}
    if not isinstance(by_source, Mapping) or not all(isinstance(own, Mapping) for own in by_source.values()):
        raise InvalidArgument("labels: give sides by source and label, such as {'zoom/': {'Speaker 1': 'company'}}")
    _few("labels", by_source, MAX_SOURCES)
    out: dict[str, dict[str, str]] = {}
    for source, own in by_source.items():
        _few("labels", own, MAX_SOURCE_LABELS)
        out[_source("labels", source)] = {_text("labels", one): _side(one, side) for one, side in own.items()}
    return out


def _side(label: str, side: object) -> str:
    told = side.strip().lower() if isinstance(side, str) else ""
    if told not in set(Side):
        raise InvalidArgument(f"labels: {shown(label)} must be {' or '.join(Side)}, not {shown(side)}")
    return str(Side(told))


def _source(name: str, given: object) -> str:
    return _text(name, given).replace("\\", "/")


def _text(name: str, given: object) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > MAX_SOURCE_TEXT or not given.isprintable():
        raise InvalidArgument(f"{name}: must be text of 1 to {MAX_SOURCE_TEXT} characters, not {shown(given)}")
    return " ".join(given.split())


def _few(name: str, given: Any, most: int) -> None:
    if len(given) > most:
        raise InvalidArgument(f"{name}: at most {most:,}, not {len(given):,}")
