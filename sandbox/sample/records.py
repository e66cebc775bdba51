"""From the simulated shop to the records that travel on `platform-events`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sandbox.sample.buying import Purchase
from sandbox.sample.catalogue import PRODUCTS
from sandbox.sample.moments import moment
from sandbox.sample.people import Shopper
from sandbox.sample.visiting import Visit
from sandbox.sample.world import SampleShop
from sandbox.sample.writing import Utterance
from schema.clock import milliseconds
from schema.documents import OrderLine
from schema.records import (
    ConsentChange,
    CustomerRecord,
    EventRecord,
    FeedbackRecord,
    OrderRecord,
    Person,
    ProductRecord,
    Record,
)

RECORDS_A_MESSAGE = 200


def person(shopper: Shopper) -> Person:
    """The account as it is written on everything the customer does."""
    who = shopper.identity
    return Person(
        key=shopper.key,
        name=who.name,
        email=who.email,
        phone=who.phone,
        birth_date=shopper.born,
        gender=who.gender,
        country=shopper.country,
        zone=shopper.zone,
        language=shopper.language,
        tags=shopper.tags,
    )


def customer_record(shopper: Shopper, exported: datetime) -> CustomerRecord:
    """The account with its consents. `exported` is when the shop wrote it down: its version."""
    consent = [
        ConsentChange(channel=one.channel, status=one.status, at=one.at, source=one.source)
        for one in shopper.consents
    ]
    return CustomerRecord(
        version=milliseconds(exported),
        person=person(shopper),
        consent=consent,
        profiling=shopper.profiling,
        at=shopper.joined,
    )


def order_record(order: Purchase) -> OrderRecord:
    return OrderRecord(
        version=milliseconds(order.changed or order.at),
        id=order.number,
        person=person(order.shopper),
        placed_at=order.at,
        status=order.status,
        currency=order.currency,
        total=order.total,
        discount=order.discount,
        refunded=order.refunded,
        lines=[
            OrderLine(product_id=line.product.id, title=line.product.title, quantity=line.quantity, price=line.price)
            for line in order.lines
        ],
        items=sum(line.quantity for line in order.lines),
    )


def feedback_record(said: Utterance) -> FeedbackRecord:
    return FeedbackRecord(
        version=milliseconds(said.at),
        id=said.number,
        person=person(said.shopper),
        words=said.words,
        at=said.at,
        product=said.product.id if said.product else None,
        product_title=said.product.title if said.product else None,
        text=said.text,
        rating=said.rating,
        language=said.shopper.language,
    )


def event_record(seen: Visit) -> EventRecord:
    return EventRecord(
        version=milliseconds(seen.at),
        id=seen.number,
        person=person(seen.shopper),
        event=seen.event,
        channel=seen.channel,
        at=seen.at,
        title=seen.title,
        product=seen.product.id if seen.product else None,
    )


def product_records(opened: datetime) -> list[ProductRecord]:
    return [
        ProductRecord(version=milliseconds(opened), id=p.id, title=p.title, category=p.category, price=p.cents,
                      currency="USD")
        for p in PRODUCTS
    ]  # fmt: skip


def records(shop: SampleShop) -> Iterator[dict[str, Any]]:
    """Everything in the JSON form: the products, then customer by customer the account, orders, words and visits."""
    for bunch in messages(shop):
        yield from bunch


def messages(shop: SampleShop) -> Iterator[list[dict[str, Any]]]:
    """Messages of up to 200 records in their JSON form.

    A customer's records stay together where they fit, so that the customer is written once and no two messages in
    flight touch the same one.
    """
    exported = moment(shop.until, 0)
    bunch: list[dict[str, Any]] = [one.to_json() for one in product_records(min(s.joined for s in shop.people))]
    for shopper in shop.people:
        mine = [one.to_json() for one in _of(shop, shopper, exported)]
        if len(bunch) + len(mine) > RECORDS_A_MESSAGE:
            yield bunch
            bunch = []
        while len(mine) > RECORDS_A_MESSAGE:
            yield mine[:RECORDS_A_MESSAGE]
            mine = mine[RECORDS_A_MESSAGE:]
        bunch += mine
    yield bunch


def _of(shop: SampleShop, shopper: Shopper, exported: datetime) -> Iterator[Record]:
    yield customer_record(shopper, exported)
    for order in shop.orders[shopper.number]:
        yield order_record(order)
    for said in shop.texts[shopper.number]:
        yield feedback_record(said)
    for seen in shop.visits[shopper.number]:
        yield event_record(seen)
