"""Languages by one name each: a BCP 47 tag, whichever of its many names or codes people and systems gave.

Names and codes are those of Unicode's CLDR, as Babel has them: English names, each language's own, and the codes of
ISO 639 with two or three letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from workbench.domain.names import clean_name
from workbench.domain.texts import normalise
from workbench.domain.words import fold

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_LOCALE_ENDS = re.compile(r"[.@].*")  # en_US.UTF-8, de_DE@euro
_IN_BRACKETS = re.compile(r"(.+?)\s*(?:\(([^()]+)\)|\s[-–—]\s*([^()]+)|[,/]\s*([^()]+))")
_NOT_SAID = frozenset({"", "und", "mul", "zxx", "unknown", "undetermined", "unspecified", "auto", "none", "n/a"})
_ALSO = {
    "mandarin": "zh", "simplified chinese": "zh-Hans", "traditional chinese": "zh-Hant", "farsi": "fa", "dari": "fa-AF",
    "castilian": "es", "flemish": "nl-BE", "norwegian bokmal": "nb", "valencian": "ca", "moldavian": "ro",
    "moldovan": "ro", "gaelic": "gd", "brazilian": "pt-BR", "simplified": "Hans", "traditional": "Hant",
}  # fmt: skip


@lru_cache(maxsize=4_096)
def language_tag(given: str | None) -> str | None:
    """Return the language as a BCP 47 tag; None if none is named. One that isn't known stays as it is, folded.

    >>> [language_tag(one) for one in ("English", "en_US", "EN", "eng", "Deutsch", "zh_hans_cn", "Portuguese (Brazil)")]
    ['en', 'en-US', 'en', 'en', 'de', 'zh-Hans-CN', 'pt-BR']
    """
    text = clean_name(given or "")
    if _spelt(text) in _NOT_SAID:
        return None
    plain = _LOCALE_ENDS.sub("", text).replace("_", "-")
    if _TAG.fullmatch(plain):
        return _tidy(plain)
    name = _spelt(text)
    if found := _named(name):
        return found
    if (parts := _IN_BRACKETS.fullmatch(name)) and (base := _named(parts[1])):
        return _tidy("-".join(filter(None, [base, _part_named(next(filter(None, parts.groups()[1:])))])))
    spaced = plain.replace(" ", "-")
    return _tidy(spaced) if _TAG.fullmatch(spaced) else normalise(fold(text))


def primary_language(given: str | None) -> str:
    """Return the part of a language's tag that names the language, such as "de"; ``en`` where none is named."""
    return (language_tag(given) or "en").split("-")[0]


def _spelt(text: str) -> str:
    """Return a name without case and accents, so that "Francais" is "français"."""
    return normalise("".join(one for one in unicodedata.normalize("NFD", fold(text)) if not unicodedata.combining(one)))


def _tidy(tag: str) -> str:
    from babel.core import get_global

    first, *rest = tag.split("-")
    territories = get_global("territory_aliases")
    while rest and len(rest[0]) == 3 and rest[0].isalpha() and rest[0].upper() not in territories:
        first, *rest = rest  # zh-yue is yue
    aliased = get_global("language_aliases").get(first.lower(), first.lower()).split("_")
    out, own = aliased[:1], aliased[1:]
    if not any(len(one) == 4 and one.isalpha() for one in rest):
        out += own
    for at, one in enumerate(rest):
        if len(one) == 1:  # what follows is an extension
            return "-".join([*out, *map(str.lower, rest[at:])])
        if len(one) == 4 and one.isalpha():
            out.append(one.title())
        elif one.upper() in territories or (len(one) == 2 and one.isalpha()) or (len(one) == 3 and one.isdigit()):
            out.append((territories.get(one.upper()) or [one.upper()])[0])
        else:
            out.append(one.lower())
    return "-".join(out)


def _named(name: str) -> str | None:
    found = _ALSO.get(name) or _english_names().get(name) or _own_names().get(name)
    return _tidy(found) if found else None


def _part_named(name: str) -> str:
    """Return a script or a territory by its name or code; empty if it isn't known."""
    return _ALSO.get(name) or _parts().get(name) or (name if re.fullmatch("[a-z]{2}|[0-9]{3}", name) else "")


@cache
def _english_names() -> dict[str, str]:
    from babel import Locale

    return {_spelt(name): code.replace("_", "-") for code, name in Locale("en").languages.items()}


@cache
def _own_names() -> dict[str, str]:
    return {_spelt(name): code.replace("_", "-") for code, name in _own()}


def _own() -> Iterator[tuple[str, str]]:
    from babel import Locale
    from babel.localedata import locale_identifiers

    for code in locale_identifiers():
        if "_" not in code and (name := Locale.parse(code).languages.get(code)):
            yield code, name


@cache
def _parts() -> dict[str, str]:
    from babel import Locale

    english = Locale("en")
    return {_spelt(name): code for kind in (english.scripts, english.territories) for code, name in kind.items()}
