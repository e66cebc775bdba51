"""Reading one cell: dates, money, yes and no. Each reader says what is wrong instead of guessing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from schema.money import CURRENCIES

DateOrder = Literal["ymd", "mdy", "dmy"]


class CellError(ValueError):
    """A cell that cannot be read: `code` for the console's sentence, `detail` in English for the report."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


_MONTHS = {name: index + 1 for index, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())}
_TIME = r"(?:[T ,]+(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<ap>[AaPp][Mm])?)?"
_ZONE = r"\s*(?P<tz>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(rf"^(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TIME}{_ZONE}$")
_YEAR_LAST = re.compile(rf"^(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d{{2}}){_TIME}{_ZONE}$")
_COMPACT = re.compile(r"^(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})$")
_CHINESE = re.compile(
    rf"^(?P<y>\d{{4}})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日{_TIME.replace('[T ,]+', '[T ,]*')}{_ZONE}$"
)
_NAMED = re.compile(
    rf"^(?:[A-Za-z]{{3,9}},?\s+)?(?:(?P<d1>\d{{1,2}})[ -](?P<n1>[A-Za-z]{{3,9}})\.?[ ,-]+"
    rf"|(?P<n2>[A-Za-z]{{3,9}})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? )"
    rf"(?P<y>\d{{4}}){_TIME}{_ZONE}$"
)
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def read_date(text: str, order: DateOrder, zone: ZoneInfo, now: datetime) -> datetime:
    """A moment in UTC. A date without a time is midnight in `zone`.

    Raises:
        CellError: `date` (not readable, or no such day), `future` (more than a day after `now`).
    """
    moment = _read_date(text.strip(), order, zone)
    if moment > now + timedelta(days=1):
        raise CellError("future", f"'{text.strip()[:40]}' lies in the future")
    if moment < EARLIEST:
        raise CellError("date", f"'{text.strip()[:40]}' is before 1970")
    return moment


@lru_cache(maxsize=4096)
def _read_date(text: str, order: DateOrder, zone: ZoneInfo) -> datetime:
    if _EPOCH.match(text):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    for pattern in (_YEAR_FIRST, _COMPACT, _CHINESE):
        if found := pattern.match(text):
            return _moment(text, found, int(found["y"]), int(found["m"]), int(found["d"]), zone)
    if found := _YEAR_LAST.match(text):
        first, second = int(found["a"]), int(found["b"])
        month, day = (first, second) if order == "mdy" else (second, first)
        return _moment(text, found, _full_year(found["y"]), month, day, zone)
    if found := _NAMED.match(text):
        name = (found["n1"] or found["n2"])[:3].lower()
        if name in _MONTHS:
            return _moment(text, found, int(found["y"]), _MONTHS[name], int(found["d1"] or found["d2"]), zone)
    raise CellError("date", f"'{text[:40]}' is not a date that can be read")


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _moment(text: str, found: re.Match[str], year: int, month: int, day: int, zone: ZoneInfo) -> datetime:
    parts = found.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("h", "mi", "s"))
    if parts.get("ap"):
        hour = hour % 12 + (12 if parts["ap"].lower() == "pm" else 0)
    offset = parts.get("tz")
    try:
        local = datetime(year, month, day, hour, minute, second)
    except ValueError as error:
        raise CellError("date", f"'{text[:40]}' is no such day") from error
    if not offset:
        return local.replace(tzinfo=zone).astimezone(UTC)
    if offset in ("Z", "UTC", "GMT"):
        return local.replace(tzinfo=UTC)
    sign = -1 if offset[0] == "-" else 1
    digits = offset[1:].replace(":", "")
    return local.replace(tzinfo=timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))).astimezone(
        UTC
    )


def date_order_of(samples: list[str]) -> tuple[DateOrder, bool]:
    """How the file writes dates, and whether that is certain (no value over 12 decides it otherwise)."""
    firsts, seconds = [], []
    for text in samples:
        if found := _YEAR_LAST.match(text.strip()):
            firsts.append(int(found["a"]))
            seconds.append(int(found["b"]))
    if not firsts:
        return "ymd", True
    if max(firsts) > 12:
        return "dmy", True
    if max(seconds) > 12:
        return "mdy", True
    return ("dmy" if any("." in text for text in samples) else "mdy"), False


_SYMBOLS = {
    "$": None,
    "€": "EUR",
    "£": "GBP",
    "¥": None,
    "￥": None,
    "₹": "INR",
    "元": "CNY",
    "RMB": "CNY",
    "US$": "USD",
    "HK$": "HKD",
    "S$": "SGD",
    "NT$": "TWD",
}
_NUMBER = re.compile(r"^[-+]?\d[\d.,' ]*$|^[-+]?[.,]\d+$")


def read_amount(text: str) -> Decimal:
    """A number with any of the usual signs, groupings and currency marks; parentheses mean minus.

    Raises:
        CellError: `amount`.
    """
    raw = text.strip()
    body = raw.replace("\u00a0", " ").replace("\u202f", " ").replace("−", "-")
    minus = body.startswith("(") and body.endswith(")")
    if minus:
        body = body[1:-1]
    body = re.sub(r"^([-+]?)\s*(?:[A-Z]{0,3}[$€£¥￥₹]|[A-Z]{3})\s*", r"\1", body.strip())
    body = re.sub(r"\s*(?:[$€£¥￥₹元]|[A-Z]{3})$", "", body).strip()
    if not _NUMBER.match(body):
        raise CellError("amount", f"'{raw[:40]}' is not an amount")
    body = body.replace(" ", "").replace("'", "")
    comma, dot = body.rfind(","), body.rfind(".")
    if comma >= 0 and dot >= 0:
        body = body.replace(",", "") if dot > comma else body.replace(".", "").replace(",", ".")
    elif comma >= 0:
        body = body.replace(",", "") if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", body) else body.replace(",", ".")
    elif body.count(".") > 1:
        body = body.replace(".", "")
    try:
        value = Decimal(body)
    except InvalidOperation as error:
        raise CellError("amount", f"'{raw[:40]}' is not an amount") from error
    if abs(value) >= Decimal(10) ** 10:
        raise CellError("amount", f"'{raw[:40]}' is too large to be an order")
    return -value if minus else value


def read_money(text: str, what: str = "amount") -> Decimal:
    """An amount that must not be negative.

    Raises:
        CellError: `amount` or `negative`.
    """
    value = read_amount(text)
    if value < 0:
        raise CellError("negative", f"'{text.strip()[:40]}' is negative: give returned money in a refund column")
    return value


def read_currency(text: str) -> str:
    """An ISO 4217 code or an unambiguous mark.

    Raises:
        CellError: `currency`.
    """
    mark = text.strip()
    code = _SYMBOLS.get(mark) or mark.upper()
    if code == "RMB":
        code = "CNY"
    if code not in CURRENCIES:
        raise CellError("currency", f"'{mark[:20]}' is not a currency code such as USD or CNY")
    return code


_YES = frozenset(
    "yes y true t 1 on subscribed granted opted-in optin opt-in ja oui si 是 同意 已订阅 接受 允许 有".split()
)
_NO = frozenset(
    "no n false f 0 off unsubscribed denied opted-out optout opt-out nein non 否 不同意 未订阅 拒绝 无 不".split()
)


def read_yes(text: str) -> bool | None:
    """Yes, no, or None for an empty cell.

    Raises:
        CellError: `yes_no`.
    """
    word = text.strip().lower().replace(" ", "-")
    if not word or word in ("unknown", "null", "none", "n/a"):
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("yes_no", f"'{text.strip()[:20]}' is neither yes nor no")


_GENDERS = {
    **dict.fromkeys(("f", "female", "woman", "w", "女", "女性", "weiblich"), "female"),
    **dict.fromkeys(("m", "male", "man", "男", "男性", "maennlich"), "male"),
    **dict.fromkeys(("other", "x", "diverse", "d", "nonbinary", "non-binary", "其他"), "other"),
}


def read_gender(text: str) -> Literal["female", "male", "other"] | None:
    """A gender, or None when it is not given or not one of the three."""
    return _GENDERS.get(text.strip().lower())  # type: ignore[return-value]


def read_rating(text: str) -> int:
    """A whole rating from 1 to 5; decimals are rounded half up.

    Raises:
        CellError: `rating`.
    """
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise CellError("rating", f"'{text.strip()[:20]}' is not a rating") from error
    if not 1 <= value <= 5:
        raise CellError("rating", f"'{text.strip()[:20]}' is not between 1 and 5")
    return int(value + Decimal("0.5"))


_STATUS = {
    **dict.fromkeys(
        ("cancelled", "canceled", "voided", "void", "failed", "expired", "已取消", "取消", "已关闭", "交易关闭"),
        "cancelled",
    ),
    **dict.fromkeys(("refunded", "returned", "已退款", "退款成功"), "refunded"),
    **dict.fromkeys(("test", "测试"), "test"),
}


def read_status(text: str) -> str:
    """Whether the order counts; anything that is not a known ending is a paid order."""
    return _STATUS.get(text.strip().lower(), "paid")


_COUNTRIES = {
    "usa": "US",
    "united states": "US",
    "united states of america": "US",
    "uk": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "china": "CN",
    "中国": "CN",
    "hong kong": "HK",
    "香港": "HK",
    "taiwan": "TW",
    "台湾": "TW",
    "singapore": "SG",
    "新加坡": "SG",
    "germany": "DE",
    "deutschland": "DE",
    "france": "FR",
    "canada": "CA",
    "australia": "AU",
    "india": "IN",
    "japan": "JP",
    "日本": "JP",
    "netherlands": "NL",
    "spain": "ES",
    "italy": "IT",
    "美国": "US",
    "英国": "GB",
    "加拿大": "CA",
    "澳大利亚": "AU",
}


def read_country(text: str) -> str | None:
    """An ISO 3166 code, from a code or a usual name; None when it is neither."""
    word = text.strip()
    if re.fullmatch(r"[A-Za-z]{2}", word):
        return word.upper()
    return _COUNTRIES.get(word.lower())


def read_language(text: str) -> str | None:
    """A BCP 47 primary language (`en`, `zh`), from a code, a locale or a usual name."""
    word = text.strip().lower()
    named = {"english": "en", "chinese": "zh", "中文": "zh", "英文": "en", "英语": "en", "german": "de", "french": "fr"}
    if word in named:
        return named[word]
    found = re.match(r"^([a-z]{2,3})(?:[-_][a-z0-9]+)*$", word)
    return found[1] if found else None
