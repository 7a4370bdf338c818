"""Spoken numbers from 0 to 99, digit by digit or in pairs, in the languages whose words are listed."""

from __future__ import annotations

from functools import cache

from workbench.corpus.redaction.letters import folded

NumberPhrase = tuple[str, ...]
MAX_NUMBER_WORDS = 4
"""The most words of a number, as in "quatre vingt dix neuf"."""

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn",
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve",
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove",
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien",
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove",
)
_OTHERS = {"oh": "0", "o": "0", "nought": "0", "naught": "0", "zwo": "2", "fünnef": "5", "ein": "1", "meia": "6"}
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ZIGER = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_DIZAINES = ["vingt", "trente", "quarante", "cinquante", "soixante"]
_DECENAS = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
_VEINTI = "veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
_TIMES = {"double": 2, "triple": 3, "treble": 3, "doppel": 2, "doble": 2}
_HUNDRED = ("hundred",)


@cache
def number_phrases() -> dict[NumberPhrase, str]:
    """Return digits by the folded words for them."""
    found: dict[str, str] = dict(_OTHERS)
    for line in _ONES:
        found |= {word: str(number) for number, word in enumerate(line.split()) if word not in found}
    found |= _english() | _german() | _french() | _spanish()
    return {tuple(folded(word) for word in phrase.split()): digits for phrase, digits in found.items()}


@cache
def first_words() -> frozenset[str]:
    """Return the words with which a phrase begins."""
    return frozenset(phrase[0] for phrase in number_phrases())


def _english() -> dict[str, str]:
    ones = _ONES[0].split()[1:10]
    found = dict(zip(_TENS, map(str, range(20, 100, 10)), strict=True))
    for tens, word in enumerate(_TENS, start=2):
        found |= {f"{word} {one}": f"{tens}{number}" for number, one in enumerate(ones, start=1)}
    digits = {"zero": "0", "oh": "0", "o": "0"} | {one: str(number) for number, one in enumerate(ones, start=1)}
    for word, times in _TIMES.items():
        found |= {f"{word} {one}": digit * times for one, digit in digits.items()}
    for hundred in _HUNDRED:
        found |= {f"{one} {hundred}": f"{number}00" for number, one in enumerate(ones, start=1)}
    return found


def _german() -> dict[str, str]:
    ones = ["ein", *_ONES[1].split()[2:10]]
    found = dict(zip(_ZIGER, map(str, range(20, 100, 10)), strict=True))
    for tens, word in enumerate(_ZIGER, start=2):
        found |= {f"{one}und{word}": f"{tens}{number}" for number, one in enumerate(ones, start=1)}
    return found


def _french() -> dict[str, str]:
    ones = _ONES[2].split()
    teens = [*ones, "dix sept", "dix huit", "dix neuf"]
    found = {"dix sept": "17", "dix huit": "18", "dix neuf": "19", "septante": "70", "huitante": "80", "nonante": "90"}
    for tens, word in enumerate(_DIZAINES, start=2):
        found[word] = f"{tens}0"
        for number in range(1, 20 if word == "soixante" else 10):
            found[f"{word} {teens[number]}"] = str(tens * 10 + number)
        found[f"{word} et un"] = f"{tens}1"
    found["soixante et onze"] = "71"
    for eighty in ("quatre vingt", "quatre vingts"):
        found[eighty] = "80"
        found |= {f"{eighty} {teens[number]}": str(80 + number) for number in range(1, 20)}
    return found


def _spanish() -> dict[str, str]:
    ones = _ONES[3].split()
    found = {word: str(number) for number, word in enumerate(_VEINTI.split(), start=20)}
    for tens, word in enumerate(_DECENAS, start=3):
        found[word] = f"{tens}0"
        found |= {f"{word} y {ones[number]}": f"{tens}{number}" for number in range(1, 10)}
    return found
