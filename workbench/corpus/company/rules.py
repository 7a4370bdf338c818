"""Which side a speaker is on: rules are tried in order, and the first that applies decides.

What a person says about one call or one import comes first. Then come what the file itself says, an address of the
company or of another one, a colleague's name, the channel, the known labels of a source, and finally an address at a
public provider, which nobody at the company has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.corpus.company.channels import channel_of, is_ours
from workbench.corpus.company.colleagues import Colleague, person_key
from workbench.corpus.company.domains import domain_of, is_free_mail, is_within
from workbench.corpus.company.settings import EVERYONE_ELSE, Company
from workbench.corpus.company.sources import SourcePlace, fitting
from workbench.domain.conversations import Party, Side
from workbench.domain.names import name_key


class SideRule(StrEnum):
    """What decided a side, in order of precedence."""

    HAND = "hand"
    FORMAT = "format"
    DOMAIN = "email"
    NAME = "name"
    CHANNEL = "channel"
    LABEL = "label"
    ELSEWHERE = "elsewhere"


TOLD = {
    SideRule.HAND: "by hand",
    SideRule.FORMAT: "by the file",
    SideRule.DOMAIN: "by e-mail domain",
    SideRule.NAME: "by a colleague's name",
    SideRule.CHANNEL: "by channel",
    SideRule.LABEL: "by the source's labels",
    SideRule.ELSEWHERE: "by an address elsewhere",
}
"""How a report names each rule."""


@dataclass(frozen=True, slots=True)
class SideConflict:
    """Two rules that put one speaker on different sides; the first counts."""

    speaker: str
    side: Side
    rule: SideRule
    other: Side
    other_rule: SideRule

    def __str__(self) -> str:
        first, second = f"{self.side} {TOLD[self.rule]}", f"{self.other} {TOLD[self.other_rule]}"
        return f"{self.speaker}: {first}, but {second}"


@dataclass(frozen=True, slots=True)
class Decided:
    """What the rules decide for a call.

    Attributes:
        sides: by party the side, None if a person says that it is unknown; and the rule that decided it.
        teams: by party the team of the colleague, if the file has none.
        conflicts: rules that give another side than the one that counts.
    """

    sides: Mapping[str, tuple[Side | None, SideRule]] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[SideConflict, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A party, and what the rules use of its call."""

    party: Party
    channel: str | None
    channels: frozenset[str]
    own_channel: str | None
    labels: Mapping[str, str]


class SideRules:
    """The rules, with what is known about a company; builds its tables once."""

    def __init__(self, company: Company):
        self.company = company
        self._domains = frozenset(company.domains)
        people = company.colleagues
        self._by_address = _unique((one.email.strip().lower(), one) for one in people if one.email)
        self._by_name = _unique((person_key(one.name), one) for one in people if one.name)
        self._order: tuple[tuple[SideRule, Callable[[_Asked], Side | None]], ...] = (
            (SideRule.FORMAT, lambda asked: asked.party.side),
            (SideRule.DOMAIN, self._by_domain),
            (SideRule.NAME, self._by_colleague),
            (SideRule.CHANNEL, _by_channel),
            (SideRule.LABEL, _by_label),
            (SideRule.ELSEWHERE, self._by_other_address),
        )

    def decide(
        self, parties: Sequence[Party], place: SourcePlace, hand: Mapping[str, Side | None] | None = None
    ) -> Decided:
        """Return what the rules decide for the parties of a call.

        Args:
            parties: all of them, with the sides given in the file.
            place: where the call comes from.
            hand: by party, what a person says; None if they say that the side is unknown.
        """
        if self.company.is_empty and not hand:
            return Decided({one.id: (one.side, SideRule.FORMAT) for one in parties if one.side is not None})
        own = {party.id: channel_of(party.id) or channel_of(party.name or "") for party in parties}
        channels = frozenset(one for one in own.values() if one is not None)
        own_channel, labels = self._own_channel(place), self._labels(place)
        given = hand or {}
        sides: dict[str, tuple[Side | None, SideRule]] = {}
        conflicts: list[SideConflict] = []
        for party in parties:
            asked = _Asked(party, own[party.id], channels, own_channel, labels)
            answers = [(rule, side) for rule, ask in self._order if (side := ask(asked)) is not None]
            if party.id in given:
                sides[party.id] = given[party.id], SideRule.HAND
                continue
            if answers:
                first, side = answers[0]
                sides[party.id] = side, first
                others = ((rule, other) for rule, other in answers[1:] if other != side)
                conflicts += (SideConflict(party.id, side, first, other, rule) for rule, other in others)
        return Decided(sides, self._teams(parties, sides), tuple(conflicts))

    def _teams(self, parties: Sequence[Party], sides: Mapping[str, tuple[Side | None, SideRule]]) -> dict[str, str]:
        out: dict[str, str] = {}
        for party in parties:
            if party.team is None and party.id in sides and sides[party.id][0] == Side.COMPANY:
                colleague = self._colleague(party)
                if colleague is not None and colleague.team:
                    out[party.id] = colleague.team
        return out

    def _colleague(self, party: Party) -> Colleague | None:
        """Return the colleague who a party is; None if there is none, or several are possible."""
        for address in (party.email, party.name, party.id):
            if address and (found := self._by_address.get(address.strip().lower())):
                return found
        return next((found for name in (party.name, party.id) if name and (found := self._named(name))), None)

    def _named(self, name: str) -> Colleague | None:
        return self._by_name.get(person_key(name)) if self._by_name else None

    def _by_domain(self, asked: _Asked) -> Side | None:
        addresses = _addresses(asked.party)
        if any(one in self._by_address for one in addresses):
            return Side.COMPANY
        domains = [domain for one in addresses if (domain := domain_of(one)) is not None]
        if not self._domains or not domains:
            return None
        if any(is_within(one, self._domains) for one in domains):
            return Side.COMPANY
        return None if all(map(is_free_mail, domains)) else Side.CUSTOMER

    def _by_colleague(self, asked: _Asked) -> Side | None:
        names = (asked.party.name, asked.party.id)
        return Side.COMPANY if any(name and self._named(name) for name in names) else None

    def _own_channel(self, place: SourcePlace) -> str | None:
        return next((self.company.channels[one] for one in fitting(self.company.channels, place)), None)

    def _labels(self, place: SourcePlace) -> dict[str, str]:
        """Return the sides by folded label: of several matching sources, the most specific counts."""
        out: dict[str, str] = {}
        for source in reversed(fitting(self.company.labels, place)):
            out |= {name_key(label): side for label, side in self.company.labels[source].items()}
        return out

    def _by_other_address(self, asked: _Asked) -> Side | None:
        if not self._domains or self._by_domain(asked) == Side.COMPANY:
            return None
        return Side.CUSTOMER if any(map(domain_of, _addresses(asked.party))) else None


def _by_channel(asked: _Asked) -> Side | None:
    if asked.channel is None or asked.own_channel is None:
        return None
    ours = is_ours(asked.channel, asked.own_channel, asked.channels)
    return None if ours is None else Side.COMPANY if ours else Side.CUSTOMER


def _by_label(asked: _Asked) -> Side | None:
    keys = [name_key(one) for one in (asked.party.id, asked.party.name) if one]
    found = next((asked.labels[key] for key in keys if key in asked.labels), asked.labels.get(EVERYONE_ELSE))
    return Side(found) if found is not None else None


def _addresses(party: Party) -> list[str]:
    """Return possible addresses of the party, the most likely first: some tools name people by their addresses."""
    return [one.strip().lower() for one in (party.email, party.id, party.name) if one and "@" in one]


def _unique(pairs: Iterable[tuple[str, Colleague]]) -> dict[str, Colleague]:
    """Return the colleagues by key; for several with one key, one without a team if their teams differ."""
    out: dict[str, Colleague] = {}
    for key, one in pairs:
        known = out.setdefault(key, one)
        if known.team != one.team:
            out[key] = Colleague(name=one.name, email=one.email)
    return out
