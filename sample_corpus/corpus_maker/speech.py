"""Makes written sentences sound spoken: fillers, repeats, restarts; and the look of raw recogniser output."""

from __future__ import annotations

import random
import re


def _in_order(text: str) -> list[str]:
    return text.split()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STARTERS = {
    "en": (
        "Um,",
        "Uh,",
        "So,",
        "Well,",
        "Yeah,",
        "I mean,",
        "You know,",
        "Yeah, so",
        "Um, so",
        "And,",
    ),
    "es": ("Eh,", "Bueno,", "Pues,", "A ver,", "O sea,", "Mira,"),
    "de": ("Äh,", "Also,", "Na ja,", "Ja,", "Ähm,", "Genau,"),
}
MIDDLES = {
    "en": ("uh,", "um,", "you know,", "like,", "I mean,", "I guess,", "sort of,"),
    "es": ("eh,", "o sea,", "digamos,", "bueno,"),
    "de": ("äh,", "sozusagen,", "also,", "sag ich mal,"),
}
# Words that may be said in small letters after a starter, and before or after which a speaker may stumble.
SOFT = {
    "en": _words("""the we it it's that that's this you they there our my your so and but if when what how can
        could would is are do does a an for in on at to of who which where because with he she as
        by from every each some most"""),
    "es": _words("""el la los las que y pero si cuando en con para nos lo es un una esto eso nuestro a de"""),
    "de": _words("""wir das die der und aber wenn ist es ich ein eine für mit in zu da dann was wie von"""),
}


# A filler stands well before these; inside a verb phrase it sounds made up.
PAUSES = _words("""and but because when if with for in that so before since without or unless until after y
        pero si cuando con para en und aber wenn mit für weil dass""")


def disfluent(text: str, rng: random.Random, rate: float, language: str) -> str:
    """Add what people say besides the sentence; `rate` is the chance (0 to 1) of each kind."""
    soft = SOFT[language]
    words = text.split(" ")
    if len(words) > 4 and rng.random() < rate * 0.5:
        words = _stumble(words, rng, soft)
    if len(words) > 6 and rng.random() < rate * 0.6:
        words = _filler_inside(words, rng, MIDDLES[language])
    if len(words) > 3 and rng.random() < rate and words[0].lower() in soft:
        words[0] = words[0][:1].lower() + words[0][1:]
        words.insert(0, rng.choice(STARTERS[language]))
    return " ".join(words)


def _stumble(words: list[str], rng: random.Random, soft: frozenset[str]) -> list[str]:
    """Repeat one small word, or start the sentence anew."""
    if rng.random() < 0.3 and words[0].lower() in soft and "," not in "".join(words[:2]):
        again = [words[0][:1].lower() + words[0][1:], *words[1:]]
        return [words[0], words[1] + "-", *again]
    spots = [i for i in range(1, len(words) - 1) if words[i] in soft]
    if not spots:
        return words
    at = rng.choice(spots)
    return [*words[:at], words[at] + ",", *words[at:]]


def _filler_inside(words: list[str], rng: random.Random, fillers: tuple[str, ...]) -> list[str]:
    spots = [i for i in range(2, len(words) - 1) if words[i] in PAUSES and not words[i - 1].endswith((",", "-"))]
    if not spots:
        return words
    at = rng.choice(spots)
    before = [*words[: at - 1], words[at - 1] + ","]
    return [*before, rng.choice(fillers), *words[at:]]


_ONES = _in_order("""zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen""")
_TENS = _in_order("""zero ten twenty thirty forty fifty sixty seventy eighty ninety""")


def number_words(n: int) -> str:
    """English words for 0 <= n < 1,000,000."""
    if n < 20:
        return _ONES[n]
    if n < 100:
        return _TENS[n // 10] + (f" {_ONES[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{_ONES[n // 100]} hundred" + (f" {number_words(n % 100)}" if n % 100 else "")
    return f"{number_words(n // 1000)} thousand" + (f" {number_words(n % 1000)}" if n % 1000 else "")


def recognised(text: str, language: str) -> str:
    """The sentence as a plain recogniser writes it: small letters, no commas, English numbers as words."""
    text = re.sub(r"(?<=\d),(?=\d)", "", text)
    if language == "en":
        text = re.sub(r"\d+", lambda m: number_words(int(m[0])), text)
    return text.lower().replace(",", "").replace("-", " ").replace("  ", " ").replace(" .", ".")
