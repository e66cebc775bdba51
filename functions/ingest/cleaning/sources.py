"""Rules over where a record comes from: test orders, the shop's own people, machines, the same thing twice."""

from __future__ import annotations

import re
from collections.abc import Mapping

from functions.ingest.cleaning.rule import Aside, Surroundings, said
from schema.records import CartRecord, EventRecord, FeedbackRecord, OrderRecord, Record

_BOT = re.compile(
    r"bot\b|crawl|spider|slurp|headless|phantomjs|selenium|puppeteer|playwright|python-requests|python-httpx|"
    r"curl/|wget/|go-http-client|okhttp/|java/\d|libwww|scrapy|lighthouse|pingdom|uptime|monitor|preview|facebookexternalhit",
    re.IGNORECASE,
)
_AGENTS = ("userAgent", "user_agent", "useragent", "ua", "context.userAgent")
_RATES = ("eventsPerMinute", "events_per_minute", "requestsPerMinute")
FASTEST = 120.0
"""Events a minute that no hand makes."""


def tests(record: Record, _: Surroundings) -> Record | Aside:
    """Orders that the platform marks as tests."""
    if isinstance(record, OrderRecord) and record.status == "test":
        return Aside(said("It is a test order.", "这是测试订单。"))
    return record


def staff(record: Record, around: Surroundings) -> Record | Aside:
    """Orders and carts of the shop's own people."""
    if isinstance(record, OrderRecord) and record.staff:
        return Aside(said("The platform marks it as an order of the shop's staff.", "平台标记为员工订单。"))
    if isinstance(record, (OrderRecord, CartRecord)) and record.person and around.staff_domains:
        address = record.person.email or record.person.key.removeprefix("email:")
        if "@" in address and address.rsplit("@", 1)[1].lower().strip() in around.staff_domains:
            return Aside(said("Its e-mail address is one of the shop's own.", "邮箱属于店铺自己的域名。"))
    return record


def bots(record: Record, _: Surroundings) -> Record | Aside:
    """Visits by machines: their user agent says so, or they come faster than a hand can."""
    if not isinstance(record, EventRecord):
        return record
    properties: Mapping[str, str] = record.properties
    if any(_BOT.search(properties[name]) for name in _AGENTS if name in properties):
        return Aside(said("Its user agent is a machine's.", "其浏览器标识属于机器程序。"))
    for name in _RATES:
        try:
            if float(properties.get(name) or 0) > FASTEST:
                return Aside(said("It came faster than a person can act.", "频率超过人工操作的可能。"))
        except ValueError:
            continue
    return record


_ADDRESS = re.compile(r"[^\s,;|<>()\"']+@[^\s,;|<>()\"']+")


def address_twice(record: Record, _: Surroundings) -> Record | Aside:
    """An e-mail field that holds one address twice."""
    person = getattr(record, "person", None)
    if person is None or not person.email or person.email.count("@") < 2:
        return record
    text = person.email.strip()
    half = len(text) // 2
    if len(text) % 2 == 0 and text[:half].lower() == text[half:].lower():
        once = text[:half]
    else:
        found = {one.lower() for one in _ADDRESS.findall(text)}
        if len(found) != 1:
            return record
        once = found.pop()
    return record.model_copy(update={"person": person.model_copy(update={"email": once})})


Twins = tuple[str, str, int]


def twin_key(record: Record) -> Twins | None:
    """What two texts share that are one text sent twice; None for anything else. A file's rows without ids are the
    importer's to judge.
    """
    if not isinstance(record, FeedbackRecord) or record.person is None or record.at is None or record.generated_id:
        return None
    text = re.sub(r"\s+", " ", record.text).strip().casefold()
    return (record.person.key, text, int(record.at.timestamp())) if text else None


def twins(records: list[tuple[int, Record]]) -> dict[int, str]:
    """Of texts that one person sent twice within a minute under two ids, all but the first: position -> first's id.

    Works over the records of one message: a double tap arrives together, and what came apart is not guessed at.
    """
    said_before: dict[tuple[str, str], list[tuple[int, str]]] = {}
    found: dict[int, str] = {}
    keyed = [(key, record, position) for position, record in records if (key := twin_key(record)) is not None]
    for (person, text, second), record, position in sorted(keyed, key=lambda one: (one[0], getattr(one[1], "id", ""))):
        identity = str(getattr(record, "id", ""))
        group = said_before.setdefault((person, text), [])
        first = next((held for at, held in group if held != identity and second - at <= 60), None)
        if first is not None:
            found[position] = first
        else:
            group.append((second, identity))
    return found


def twice(first: str) -> Aside:
    """The reason for a text that was sent twice."""
    return Aside(
        said(
            f"The same person said the same within a minute (kept: {first[:60]}).", "同一人一分钟内重复提交了相同内容。"
        )
    )
