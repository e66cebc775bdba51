"""E-mail addresses and phone numbers: normalised by the libraries that know, masked for who may not read them."""

from __future__ import annotations

import re
from functools import lru_cache

_WEAK_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]{2,}$")


@lru_cache(maxsize=20_000)
def normal_email(text: str) -> str | None:
    """The address in its normal form (lower-cased, IDNA domain), or None when it is not an address."""
    from email_validator import EmailNotValidError, validate_email

    candidate = text.strip().removeprefix("mailto:")
    if not _WEAK_EMAIL.match(candidate):
        return None
    # Reserved names such as shop.local or example.invalid are refused by the library but harmless in a file of one's
    # own; below `.test` only their spelling is judged.
    for suffix in ("", ".test"):
        try:
            valid = validate_email(candidate + suffix, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            continue
        return valid.normalized.lower().removesuffix(suffix)
    return None


@lru_cache(maxsize=20_000)
def normal_phone(text: str, country: str | None) -> str | None:
    """E.164, or None when the number cannot be understood without guessing.

    Args:
        country: ISO 3166 region for numbers written without a country code.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked_email(address: str | None) -> str | None:
    """`m•••@example.com`: enough to recognise one's own customer, not enough to write to them."""
    if not address or "@" not in address:
        return None
    local, domain = address.rsplit("@", 1)
    return f"{local[:1]}•••@{domain}".lower()


def masked_phone(number: str | None) -> str | None:
    """`•••• 67`: the last two digits."""
    digits = re.sub(r"\D", "", number or "")
    return f"•••• {digits[-2:]}" if len(digits) >= 4 else None
