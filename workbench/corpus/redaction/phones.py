"""Phone numbers: international ones by their prefix, national ones by form, length and cues before them.

``phonenumbers`` knows each country's numbers. A national number without a cue counts if it has the usual form in the
conversation's countries: in the country's groups, as a mobile number, or digit by digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from workbench.corpus.redaction.libraries import phone_library
from workbench.corpus.redaction.numbers import Cue, NumberToken

TokenRange = tuple[int, int]
_MIN, _MAX = 7, 17
_MIN_INTERNATIONAL, _MAX_INTERNATIONAL = 8, 17
_MAX_GROUPS = 15
_CUED = 30  # digits after the cue within which its number begins
_MIN_MIXED = 2  # the fewest groups of a grouped number
_NORTH_AMERICA = ((3, 3, 4), (1, 3, 3, 4), (3, 4, 4), (1, 3, 7), (3, 7))
_LOCAL = (3, 4)  # without the area code
_INTERNATIONAL_PREFIXES = ("00", "011")
# Countries in which people speak a language; for an unlisted one, the largest of the others.
_COUNTRIES = {
    "ar": "EG SA AE",
    "cs": "CZ",
    "da": "DK",
    "de": "DE AT CH",
    "el": "GR",
    "en": "US GB AU IE NZ IN",
    "es": "ES MX AR CO",
    "fi": "FI",
    "fr": "FR BE CH",
    "he": "IL",
    "hi": "IN",
    "hu": "HU",
    "it": "IT CH",
    "ja": "JP",
    "ko": "KR",
    "nb": "NO",
    "nl": "NL BE",
    "no": "NO",
    "pl": "PL",
    "pt": "PT BR",
    "ro": "RO",
    "ru": "RU",
    "sv": "SE",
    "th": "TH",
    "tr": "TR",
    "uk": "UA",
    "vi": "VN",
    "zh": "CN TW HK",
}
_ANYWHERE = "US GB DE FR ES IT JP"
_AMERICAN = frozenset({"US", "CA"})


def countries_of(language: str | None) -> tuple[str, ...]:
    """Return the countries whose national numbers are looked for in a language, by BCP 47, such as "de" or "en-GB"."""
    parts = re.split(r"[-_]", language or "")
    own = [part.upper() for part in parts[1:] if re.fullmatch(r"[A-Za-z]{2}", part)]
    known = _COUNTRIES.get(parts[0].lower(), "" if own else _ANYWHERE).split()
    return tuple(dict.fromkeys([*own, *known]))


def phones_in(tokens: Sequence[NumberToken], cue: Cue | None, countries: tuple[str, ...]) -> Iterator[TokenRange]:
    """Yield the first and last token (exclusive) of each phone number in a chain, from left to right.

    The rest of a chain before or after a number is searched as a chain of its own, so that a second pass finds no more.
    """
    first = 0
    while first < len(tokens):
        found = _next(tokens, first, cue, countries)
        if found is None:
            return
        if found[0] > first and is_national(tokens[first : found[0]], cue, countries, is_whole=True):
            yield first, found[0]
        yield found
        first, cue = found[1], None


def _next(tokens: Sequence[NumberToken], first: int, cue: Cue | None, countries: tuple[str, ...]) -> TokenRange | None:
    """Return the leftmost number from a token on; of those that begin at the same token the longest."""
    if len(tokens) - first <= _MAX_GROUPS and is_national(tokens[first:], cue, countries, is_whole=True):
        return first, len(tokens)
    digits = 0
    for at in range(first, len(tokens)):
        cued = cue if cue == "other" or digits < _CUED else None
        if end := _international_from(tokens, at, cued) or _national_from(tokens, at, cued, countries):
            return at, end
        digits += len(tokens[at].digits)
    return None


def _ends(tokens: Sequence[NumberToken], at: int, most: int) -> list[int]:
    """Return the tokens after which a number that begins here may end, the furthest first."""
    out, digits = [], 0
    for place in range(at, min(len(tokens), at + _MAX_GROUPS)):
        digits += len(tokens[place].digits)
        if digits > most:
            break
        out.append(place + 1)
    return out[::-1]


def _digits(tokens: Sequence[NumberToken]) -> str:
    return "".join(one.digits for one in tokens)


def _international_from(tokens: Sequence[NumberToken], at: int, cue: Cue | None) -> int:
    has_plus = tokens[at].has_plus
    if not has_plus and (cue == "other" or tokens[at].digits[0] != "0"):
        return 0
    for end in _ends(tokens, at, _MAX_INTERNATIONAL + 3):
        digits = _digits(tokens[at:end])
        if not has_plus:
            prefix = next((one for one in _INTERNATIONAL_PREFIXES if digits.startswith(one)), None)
            digits = digits.removeprefix(prefix) if prefix else ""
        if _MIN_INTERNATIONAL <= len(digits) <= _MAX_INTERNATIONAL and _is_international(digits, has_plus):
            return end
    return 0


def _national_from(tokens: Sequence[NumberToken], at: int, cue: Cue | None, countries: tuple[str, ...]) -> int:
    if cue == "other":
        return 0
    for end in _ends(tokens, at, _MAX):
        if is_national(tokens[at:end], cue, countries, is_whole=False):
            return end
    return 0


def is_national(tokens: Sequence[NumberToken], cue: Cue | None, countries: tuple[str, ...], is_whole: bool) -> bool:
    """Return whether tokens together are a national number in one of the countries, by its form or the cue."""
    if cue == "other" or tokens[0].has_plus:
        return False
    sizes = tuple(len(one.digits) for one in tokens)
    if not _MIN <= sum(sizes) <= _MAX:
        return False
    is_said = all(one.is_spoken or len(one.digits) == 1 for one in tokens)
    is_one_by_one = is_whole and is_said and len(tokens) > 1
    if not (cue or is_one_by_one or len(tokens) == 1 or max(sizes) > 1):
        return False  # consecutive digits, of which a part could be anything
    digits = _digits(tokens)
    return any(_is_of(country, digits, sizes, cue, is_one_by_one, is_whole) for country in countries)


def _is_of(
    country: str, digits: str, sizes: tuple[int, ...], cue: Cue | None, is_one_by_one: bool, is_whole: bool
) -> bool:
    if country in _AMERICAN and (sizes in _NORTH_AMERICA[:2] or (cue and sizes in _NORTH_AMERICA)):
        return digits[-10] not in "01"
    if country in _AMERICAN and cue and (len(digits) == 10 or (sizes == _LOCAL and is_whole)):
        return digits[0] not in "01"
    about = _national(country, digits)
    if about is None:
        return False
    groups, is_mobile = about
    if cue or is_one_by_one:
        is_short = len(sizes) >= _MIN_MIXED and sizes == (groups[0] - 1, *groups[1:])  # without the first 0
        return digits[0] == "0" or not _has_trunk(country) or is_short
    if len(sizes) >= _MIN_MIXED and (sizes == groups or (digits[0] == "0" and sizes[0] == groups[0])):
        return True
    return is_whole and is_mobile and digits[0] == "0"


@cache
def _has_trunk(country: str) -> bool:
    """Return whether national numbers of a country begin with 0."""
    metadata = phone_library().PhoneMetadata.metadata_for_region(country, None)
    return metadata is not None and metadata.national_prefix == "0"


@lru_cache(maxsize=20_000)
def _is_international(digits: str, is_sure: bool) -> bool:
    library = phone_library()
    try:
        number = library.parse(f"+{digits}", None)
    except library.NumberParseException:
        return False
    return bool(library.is_possible_number(number) if is_sure else library.is_valid_number(number))


@lru_cache(maxsize=20_000)
def _national(country: str, digits: str) -> tuple[tuple[int, ...], bool] | None:
    """Return the groups in which a country writes a number, and whether it is mobile; None if it is invalid."""
    library = phone_library()
    try:
        number = library.parse(digits, country)
    except library.NumberParseException:
        return None
    if not library.is_valid_number_for_region(number, country):
        return None
    written = library.format_number(number, library.PhoneNumberFormat.NATIONAL)
    groups = tuple(len(one) for one in re.findall(r"\d+", written))
    return groups, library.number_type(number) == library.PhoneNumberType.MOBILE
