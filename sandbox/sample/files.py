"""The sample shop as files, in the columns that the import names its fields by."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sandbox.sample.records import event_record
from sandbox.sample.world import SampleShop

ORDER_COLUMNS = (
    "orderId,customerId,date,amount,currency,discount,refund,status,productId,productTitle,quantity,price,name,email,"
    "phone,country,zone,language"
).split(",")
CUSTOMER_COLUMNS = (
    "customerId,name,email,phone,birthDate,gender,country,zone,language,tags,date,consentEmail,consentSms,"
    "consentWechat,consentDate,profilingOptOut"
).split(",")
REVIEW_COLUMNS = "reviewId,customerId,date,productId,productTitle,rating,text,language".split(",")
Row = dict[str, str]


def write_files(shop: SampleShop, folder: Path) -> dict[str, int]:
    """Write orders.csv, customers.csv, reviews.csv and visits.ndjson; gives the rows written to each."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {
        "customers.csv": _write(folder / "customers.csv", CUSTOMER_COLUMNS, customer_rows(shop)),
        "orders.csv": _write(folder / "orders.csv", ORDER_COLUMNS, order_rows(shop)),
        "reviews.csv": _write(folder / "reviews.csv", REVIEW_COLUMNS, review_rows(shop)),
    }
    visits = [seen for mine in shop.visits.values() for seen in mine]
    with (folder / "visits.ndjson").open("w", encoding="utf-8", newline="\n") as out:
        for seen in visits:
            out.write(json.dumps(event_record(seen).to_json(), ensure_ascii=False) + "\n")
    return {**counts, "visits.ndjson": len(visits)}


def order_rows(shop: SampleShop) -> Iterator[Row]:
    """One row a line of an order; amount, discount and refund are the order's and stand on each of its rows."""
    for mine in shop.orders.values():
        for order in mine:
            who = order.shopper.identity
            for line in order.lines:
                yield {
                    "orderId": order.number, "customerId": order.shopper.key, "date": _time(order.at),
                    "amount": _money(order.total), "currency": order.currency, "discount": _money(order.discount),
                    "refund": _money(order.refunded), "status": order.status, "productId": line.product.id,
                    "productTitle": line.product.title, "quantity": str(line.quantity), "price": _money(line.price),
                    "name": who.name, "email": who.email, "phone": who.phone or "", "country": order.shopper.country,
                    "zone": order.shopper.zone, "language": order.shopper.language,
                }  # fmt: skip


def customer_rows(shop: SampleShop) -> Iterator[Row]:
    """One row a customer. A file has one consent date: that of the latest change; and no column for push."""
    for shopper in shop.people:
        who = shopper.identity
        latest = {one.channel: one for one in shopper.consents}
        said = {channel: "yes" if one.status == "granted" else "no" for channel, one in latest.items()}
        dates = [one.at for channel, one in latest.items() if channel != "push"]
        yield {
            "customerId": shopper.key, "name": who.name, "email": who.email, "phone": who.phone or "",
            "birthDate": shopper.born or "", "gender": who.gender, "country": shopper.country, "zone": shopper.zone,
            "language": shopper.language, "tags": ";".join(shopper.tags), "date": _time(shopper.joined),
            "consentEmail": said.get("email", ""), "consentSms": said.get("sms", ""),
            "consentWechat": said.get("wechat", ""), "consentDate": _time(max(dates)) if dates else "",
            "profilingOptOut": "yes" if shopper.profiling == "opted out" else "",
        }  # fmt: skip


def review_rows(shop: SampleShop) -> Iterator[Row]:
    """One row a text: reviews, and also chats, messages and survey answers."""
    for mine in shop.texts.values():
        for said in mine:
            yield {
                "reviewId": said.number, "customerId": said.shopper.key, "date": _time(said.at),
                "productId": said.product.id if said.product else "",
                "productTitle": said.product.title if said.product else "",
                "rating": str(said.rating or ""), "text": said.text, "language": said.shopper.language,
            }  # fmt: skip


def _write(path: Path, columns: list[str], rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
