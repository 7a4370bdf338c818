"""Domains of e-mail addresses: which are the company's, and which are nobody's in particular."""

from __future__ import annotations

import re
from collections.abc import Collection

from workbench.corpus.formats.reasons import shown
from workbench.domain.errors import InvalidArgument

FREE_MAIL = frozenset(
    """
    126.com 163.com aim.com alice.it aol.com arcor.de att.net bellsouth.net bigpond.com bluewin.ch btinternet.com
    charter.net comcast.net cox.net daum.net duck.com earthlink.net email.com email.cz fastmail.com fastmail.fm
    foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net gmx.us googlemail.com hanmail.net
    hey.com hotmail.co.jp hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com
    inbox.ru interia.pl juno.com kakao.com laposte.net libero.it list.ru live.co.uk live.com live.de live.fr live.nl
    mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com nate.com naver.com neuf.fr ntlworld.com o2.pl
    onet.pl online.de optonline.net orange.fr outlook.com outlook.de outlook.es outlook.fr outlook.jp pm.me posteo.de
    posteo.net proton.me protonmail.ch protonmail.com qq.com rediffmail.com rocketmail.com sbcglobal.net seznam.cz
    sfr.fr shaw.ca sina.com sky.com skynet.be sohu.com sympatico.ca t-online.de talktalk.net telenet.be telus.net
    tiscali.it tuta.com tuta.io tutanota.com ukr.net verizon.net virgilio.it virginmedia.com wanadoo.fr web.de
    windowslive.com wp.pl ya.ru yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br
    yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru yeah.net ymail.com zoho.com docomo.ne.jp ezweb.ne.jp
    softbank.ne.jp nifty.com ziggo.nl xs4all.nl uol.com.br bol.com.br terra.com.br
    """.split()
)
"""Where anybody can have an address."""

_SHARED = frozenset(
    f"{first}.{country}"
    for first in ("ac", "co", "com", "edu", "gov", "ne", "net", "or", "org")
    for country in ("ar", "at", "au", "br", "cn", "hk", "id", "il", "in", "jp", "kr", "mx", "nz", "sg", "tr", "tw")
) | frozenset(("co.uk", "org.uk", "ac.uk", "gov.uk", "ltd.uk", "plc.uk", "me.uk", "co.za", "org.za"))
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_ADDRESS = re.compile(r"[^@\s<>]{1,200}@([^@\s<>]{1,253})")


def domain_of(address: str | None) -> str | None:
    """Return the domain of an address, as domains are compared; None for a text that is none."""
    found = _ADDRESS.fullmatch(address.strip().removeprefix("mailto:").strip("<>")) if address else None
    return _plain(found[1]) if found else None


def is_within(domain: str, domains: Collection[str]) -> bool:
    """Return whether a domain is one of these, or below one of them."""
    parts = domain.split(".")
    return any(".".join(parts[at:]) in domains for at in range(len(parts)))


def is_free_mail(domain: str) -> bool:
    """Return whether anybody can have an address there."""
    return is_within(domain, FREE_MAIL)


def checked_domain(given: object) -> str:
    """Return a company's domain as domains are compared: "@Example.COM" is "example.com".

    Raises:
        InvalidArgument: it is not a domain, or one where anybody can have an address.
    """
    if not isinstance(given, str):
        raise InvalidArgument(f"domains: must be texts such as 'example.com', not {shown(given)}")
    text = re.sub(r"^[a-z]+://", "", given.strip().lower()).partition("/")[0].rpartition("@")[2]
    domain = _plain(text.removeprefix("*."))
    if not _DOMAIN.fullmatch(domain) or domain in _SHARED:
        raise InvalidArgument(f"domains: {shown(given)} is not a company's domain; give one such as 'example.com'")
    if is_free_mail(domain):
        raise InvalidArgument(
            f"domains: anybody can have an address at {domain}; list your colleagues with their addresses instead"
        )
    return domain


def _plain(domain: str) -> str:
    text = domain.strip().rstrip(".").lower()
    if text.isascii():
        return text
    try:
        return text.encode("idna").decode()
    except UnicodeError:
        return text
