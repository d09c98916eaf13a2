"""Personal data in a question: recognised by form and check digits, and masked everywhere it would be shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


def is_bsn(text: str) -> bool:
    """A citizen service number: eight or nine digits that pass the eleven-test (weights 9…2 and -1)."""
    digits = [int(c) for c in text if c.isdigit()]
    if len(digits) == 8:
        digits.insert(0, 0)
    if len(digits) != 9 or not any(digits):
        return False
    return sum(d * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1))) % 11 == 0


def is_iban(text: str) -> bool:
    """An international account number whose check digits are right (ISO 13616: modulo 97 is 1)."""
    code = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", code):
        return False
    turned = code[4:] + code[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _always(text: str) -> bool:
    return True


_STREET = (
    r"[A-Z][\w'’.-]*(?:straat|laan|weg|plein|kade|gracht|dreef|singel|hof|pad|dijk|plantsoen|park|steeg|erf|"
    r"plaats|markt|oever|ring|baan|hoek|veld|meent|burg|werf|haven|boulevard|promenade|zoom|wal|strand|gouw|akker)"
)
_IBAN = r"\b[A-Za-z]{2}\d{2}(?:[ ]?[A-Za-z0-9]{4}){2,7}(?:[ ]?[A-Za-z0-9]{1,3})?\b"
_BSN = r"(?<![\d-])\d{4}[ .]?\d{2}[ .]?\d{3}(?!\d)|(?<![\d-])\d{3}[ .]\d{3}[ .]\d{3}(?!\d)|(?<!\d)\d{8}(?!\d)"
_PHONE = r"(?<![\d+])(?:\+31|0031|0)[ .-]?(?:\(0\)[ .-]?)?[1-9](?:[ .-]?\d){8}(?!\d)"
_PLATE = r"\b(?:[A-Za-z]{1,3}|\d{1,3})-(?:[A-Za-z]{2,3}|\d{2,3})-(?:[A-Za-z]{1,2}|\d{1,2})\b"
_ADDRESS = rf"\b{_STREET}\s+\d{{1,3}}(?!\d)(?:\s?-?[a-zA-Z]\b)?(?:,?\s+\d{{4}}\s?[A-Z]{{2}}\b)?"
_POSTCODE = r"\b[1-9]\d{3}\s?[A-Z]{2}\b(?:\s+\d{1,4}\b)?"

_MONTH = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_BORN = (
    rf"\b(?:geboren|geb\.?|geboortedatum)(?:\s+(?:op|is))?:?\s+\d{{1,2}}[-/. ](?:\d{{1,2}}|{_MONTH})[-/. ]\d{{2,4}}\b"
)
_NAME = r"(?:\s+(?:van|de|der|den|het|ten|ter|el|al|ben|bin|te))*\s+[A-Z][\w'’-]+"
_OWN_NAME = rf"\b(?:(?:[Mm]ijn naam is|[Ii]k heet){_NAME}(?:{_NAME})?|[Ii]k ben{_NAME}{_NAME})"


def _letters_and_digits(text: str) -> bool:
    return any(c.isdigit() for c in text) and any(c.isalpha() for c in text)


_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("rekeningnummer", re.compile(_IBAN), is_iban),
    ("e-mailadres", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _always),
    ("burgerservicenummer", re.compile(_BSN), is_bsn),
    ("telefoonnummer", re.compile(_PHONE), _always),
    ("kenteken", re.compile(_PLATE), _letters_and_digits),
    ("adres", re.compile(_ADDRESS, re.IGNORECASE), _always),
    ("postcode", re.compile(_POSTCODE), _always),
    ("geboortedatum", re.compile(_BORN, re.IGNORECASE), _always),
    ("naam", re.compile(_OWN_NAME), _always),
)


@dataclass(frozen=True)
class Masked:
    """A text without its personal data, and the kinds that were in it."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """`text` with every piece of personal data replaced by its kind between square brackets.

    Recognised: BSN (eleven-test), IBAN (check digits), Dutch telephone number, e-mail address, street and
    house number, postcode, number plate, date of birth, and the name with which someone introduces themselves. Other
    names of people are not: the documents are full of them.
    """
    found: list[str] = []
    for kind, pattern, holds in _KINDS:

        def cover(match: re.Match[str], kind: str = kind, holds: Callable[[str], bool] = holds) -> str:
            if not holds(match.group()):
                return match.group()
            if kind not in found:
                found.append(kind)
            return f"[{kind}]"

        text = pattern.sub(cover, text)
    return Masked(text, tuple(found))
