"""Addresses: what is taken, in which form, and what of them everybody may see."""

from __future__ import annotations

import pytest

from functions.ingest.contact import masked_email, masked_phone, normal_email, normal_phone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann.Li@Example.COM", "ann.li@example.com"),
        (" mailto:ann@example.com ", "ann@example.com"),
        ("ann+tag@gmail.com", "ann+tag@gmail.com"),
        ("ANN@BÜCHER.EXAMPLE", "ann@bücher.example"),
        ("ann@xn--bcher-kva.example", "ann@bücher.example"),
        ("josé@example.com", "josé@example.com"),
        ("李@例子.测试", "李@例子.测试"),
        ("ann@timbre.test", "ann@timbre.test"),
        ("ann@shop.local", "ann@shop.local"),
        ("ann@example.invalid", "ann@example.invalid"),
        ("ann", None),
        ("", None),
        ("@example.com", None),
        ("ann@localhost", None),
        ("ann@example.c", None),
        ("ann li@example.com", None),
        ("ann,li@example.com", None),
        ("ann..li@example.com", None),
        ("ann@example..com", None),
        ("ann@-example.com", None),
        ("ann@exa_mple.com", None),
        ("ann@example.com, bea@example.com", None),
        ("Ann <ann@example.com>", None),
    ],
)
def test_email(text: str, expected: str | None) -> None:
    assert normal_email(text) == expected
    if expected:
        assert normal_email(expected) == expected


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("07700 900123", "GB", "+447700900123"),
        ("+44 7700 900123", None, "+447700900123"),
        ("+44 (0)7700 900123", None, "+447700900123"),
        ("tel:+44-7700-900123", None, "+447700900123"),
        ("00447700900123", "GB", "+447700900123"),
        ("0011 44 7700 900123", "AU", "+447700900123"),
        ("011 44 7700 900123", "US", "+447700900123"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("+1 212 555 0123 ext. 5", None, "+12125550123"),
        ("138 0013 8000", "CN", "+8613800138000"),
        ("8613800138000", "CN", "+8613800138000"),
        ("１３８００１３８０００", "CN", "+8613800138000"),
        ("+86 13800138000", "US", "+8613800138000"),
        ("090-1234-5678", "JP", "+819012345678"),
        ("98765 43210", "IN", "+919876543210"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("07700900123", None, None),
        ("07700 900123", "XX", None),
        ("+447700900123456789", "GB", None),
        ("6.12345678E+8", "ES", None),
        ("123", "US", None),
        ("none", "US", None),
        ("", None, None),
    ],
)
def test_phone(text: str, country: str | None, expected: str | None) -> None:
    assert normal_phone(text, country) == expected
    if expected:
        assert normal_phone(expected, None) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [("ann@example.com", "a•••@example.com"), ("王@例.cn", "王•••@例.cn"), ("", None), (None, None), ("ann", None)],
)
def test_masked_email(address: str | None, expected: str | None) -> None:
    assert masked_email(address) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [("+447700900123", "•••• 23"), ("123", None), ("", None), (None, None), ("abc", None)]
)
def test_masked_phone(number: str | None, expected: str | None) -> None:
    assert masked_phone(number) == expected
