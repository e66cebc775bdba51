"""Money in minor units: currencies without cents, with mills, and rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from schema.money import CURRENCIES, EXPONENTS, convert, exponent, to_decimal, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.34", "USD", 1234),
        ("12.345", "USD", 1234),
        ("12.355", "USD", 1236),
        ("-12.345", "USD", -1234),
        ("0", "USD", 0),
        ("1234", "JPY", 1234),
        ("1234.5", "JPY", 1234),
        ("1235.5", "JPY", 1236),
        ("1.2345", "BHD", 1234),
        ("1.2355", "BHD", 1236),
        ("244091.94", "USD", 24409194),
        ("1e3", "CNY", 100000),
    ],
)
def test_to_minor(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "amount"), [(1234, "USD", "12.34"), (1234, "JPY", "1234"), (1, "KWD", "0.001")]
)
def test_to_decimal(minor: int, currency: str, amount: str) -> None:
    assert to_decimal(minor, currency) == Decimal(amount)
    assert to_minor(to_decimal(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "reporting", "expected"),
    [
        (999, "USD", "USD", 999),
        (1000, "EUR", "USD", 1100),
        (5, "EUR", "USD", 6),
        (1000, "JPY", "USD", 670),
        (1000, "BHD", "USD", 265),
        (1000, "CHF", "USD", None),
        (0, "CHF", "USD", None),
    ],
)
def test_convert(minor: int, currency: str, reporting: str, expected: int | None) -> None:
    assert convert(minor, currency, reporting, {"EUR": 1.1, "JPY": 0.0067, "BHD": 2.65}) == expected


def test_convert_into_a_currency_without_cents() -> None:
    assert convert(100, "USD", "JPY", {"USD": 149.5}) == 150
    assert convert(100, "USD", "BHD", {"USD": 0.377}) == 377


def test_every_exponent_is_of_a_known_currency() -> None:
    # UYI is a unit of account that no shop sells in.
    assert set(EXPONENTS) - CURRENCIES <= {"UYI"}
    assert (exponent("USD"), exponent("JPY"), exponent("BHD")) == (2, 0, 3)
