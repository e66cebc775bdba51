"""The shop's past, drawn once from a seed: what was bought, returned, left in a cart and said before today."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape
from random import Random

from sandbox.shops.model import (
    RATES,
    Address,
    Cart,
    Consent,
    Customer,
    Line,
    Marketing,
    Order,
    OrderStatus,
    Platform,
    Product,
    Refund,
    Review,
    Variant,
    money,
)
from sandbox.shops.names import (
    CODES,
    CURRENCY,
    GOODS,
    LOCALE,
    PEOPLE,
    PHONES,
    PLACES,
    REVIEWS,
    TAX,
    TAX_INCLUDED,
    WEIGHTS,
)

DAYS = 730
"""How far the past goes back."""
ESCAPED = (("Mary-Kate", "O&#39;Brien"), ("Zo&euml;", "Kim"), ("Jos&eacute;", "Mart&iacute;nez"))
"""Names as some plug-in stored them."""


@dataclass
class Past:
    products: dict[int, Product] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    carts: dict[int, Cart] = field(default_factory=dict)
    reviews: dict[int, Review] = field(default_factory=dict)


class Maker:
    """Draws things. The same seed and calls give the same things; ids count up."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._next: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def id(self, kind: str, first: int) -> int:
        number = self._next.get(kind, first)
        self._next[kind] = number + 1
        return number

    def number(self, platform: Platform) -> int:
        number = self._numbers.get(platform, 1001)
        self._numbers[platform] = number + 1
        return number

    def product(self, place: int, at: datetime) -> Product:
        draw = self.random
        title, kind, price, names = GOODS[place % len(GOODS)]
        number = self.id("product", 8001)
        if place >= len(GOODS):
            title = f"{title} No. {place // len(GOODS) + 1}"
        sale = draw.random() < 0.25
        variants = []
        for step, name in enumerate(names):
            own = price + step * (price // 5 // 10 * 10)
            stock = draw.choice((0, 3, 12, 40, 150)) if draw.random() < 0.9 else 0
            variant = self.id("variant", 44001)
            sku = f"TB-{number}-{step + 1}" if draw.random() < 0.95 else ""
            paid = own * 4 // 5 if sale else own
            variants.append(Variant(variant, sku, name, paid, own if sale else None, stock))
        handle = "".join(c if c.isalnum() else "-" for c in title.lower()).replace("--", "-").strip("-")
        images = tuple(f"https://cdn.shop.example/{handle}-{n}.jpg" for n in range(1, draw.randint(1, 3) + 1))
        shown = escape(title, quote=False)
        return Product(
            id=number, title=title, kind=kind, vendor=draw.choice(("Alder & Co", "Nordhaus", "茶语")), handle=handle,
            description=f"<p>{shown}.</p>", images=images if draw.random() < 0.95 else (), variants=tuple(variants),
            status="draft" if place % 20 == 19 else "active", asin=f"B0{number:08d}", fsn=f"FSN{number:013d}",
            created_at=at, updated_at=at + timedelta(days=draw.randint(0, 30)),
        )  # fmt: skip

    def address(self, country: str, first: str, last: str, phone: str) -> Address:
        street, city, province, postcode = self.random.choice(PLACES[country])
        return Address(first, last, street, "", city, province, postcode, country, phone)

    def customer(self, at: datetime) -> Customer:
        draw = self.random
        number = self.id("customer", 1001)
        country = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        first, last = draw.choice(PEOPLE[country])
        digits = f"{draw.randrange(10**7):07d}"
        international, local = PHONES[country]
        phone = None if draw.random() < 0.3 else (local if draw.random() < 0.15 else international) + digits
        email = None if phone and draw.random() < 0.03 else f"c{number}@mail.example"
        dirt = draw.random()
        if dirt < 0.04:
            first, last = f"  {first}\u00a0", f"{last} "
        elif dirt < 0.08:
            first, last = ESCAPED[number % len(ESCAPED)]
        elif dirt < 0.11:
            first, last = first.upper(), last.upper()
        elif dirt < 0.13 and email:
            email = email.replace("mail", "Mail").upper()
        where = draw.random()
        platforms: tuple[Platform, ...] = (
            ("shopify", "woo") if where < 0.6 else ("shopify",) if where < 0.85 else ("woo",)
        )
        addresses = tuple(self.address(country, first, last, phone or "") for _ in range(draw.choice((0, 1, 1, 1, 2))))
        tags = tuple(t for t, share in (("vip", 0.05), ("wholesale", 0.02), ("staff", 0.01)) if draw.random() < share)
        return Customer(
            id=number, first=first, last=last, email=email, phone=phone, addresses=addresses, locale=LOCALE[country],
            email_consent=self._consent(0.45, at) if email else Consent("not_subscribed", None),
            sms_consent=self._consent(0.2, at) if phone else Consent("not_subscribed", None),
            platforms=frozenset(platforms), tags=tags, note="Prefers calls after 6 pm" if number % 37 == 0 else None,
            created_at=at, updated_at=at,
        )  # fmt: skip

    def _consent(self, share: float, at: datetime) -> Consent:
        drawn = self.random.random()
        state: Marketing = (
            "subscribed" if drawn < share else "unsubscribed" if drawn < share + 0.15 else "not_subscribed"
        )
        return Consent(state, None if state == "not_subscribed" else at)

    def lines(self, products: list[Product], currency: str, country: str, most: int = 3) -> tuple[Line, ...]:
        draw = self.random
        lines = []
        for product in draw.sample(products, min(len(products), draw.choice((1, 1, 2, most)))):
            variant = draw.choice(product.variants)
            lines.append(self.line(product, variant, draw.choice((1, 1, 1, 2)), currency, country, 0))
        return tuple(lines)

    def line(
        self, product: Product, variant: Variant, quantity: int, currency: str, country: str, percent: int
    ) -> Line:
        price = money(variant.price, currency)
        discount = price * quantity * percent // 100
        left = price * quantity - discount
        rate = TAX[country]
        tax = left * rate // (100 + rate) if country in TAX_INCLUDED else left * rate // 100
        return Line(
            self.id("line", 900001), product.id, variant.id, variant.sku, product.title, variant.title, quantity, price,
            discount, tax,
        )  # fmt: skip

    def order(
        self,
        platform: Platform,
        customer: Customer | None,
        products: list[Product],
        at: datetime,
        currency: str | None = None,
        status: OrderStatus = "paid",
        lines: tuple[tuple[Product, Variant, int], ...] = (),
        code: str | None = None,
        email: str | None = None,
        test: bool = False,
        staff: bool = False,
    ) -> Order:
        """An order placed at `at`; goods are drawn unless `lines` says which."""
        draw = self.random
        market = "IN" if platform == "flipkart" or (platform == "amazon" and draw.random() < 0.5) else ""
        if platform == "amazon" and not market:
            market = "US"
        home = customer.addresses[0].country if customer and customer.addresses else None
        country = market or home or draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if currency is None:
            currency = CURRENCY[country] if platform != "woo" else "USD"
        assert currency in RATES, currency
        if customer and customer.addresses:
            where = customer.addresses[0]
        else:
            first, last = (customer.first, customer.last) if customer else draw.choice(PEOPLE[country])
            where = self.address(country, first, last, (customer.phone or "") if customer else "")
        percent = 10 if code == "WELCOME10" else 15 if code else 0
        chosen = lines or tuple(
            (product, draw.choice(product.variants), draw.choice((1, 1, 1, 2)))
            for product in draw.sample(products, min(len(products), draw.choice((1, 1, 2, 3))))
        )
        made = tuple(self.line(p, v, n, currency, country, percent) for p, v, n in chosen)
        discount = sum(line.discount for line in made)
        goods = sum(line.price * line.quantity for line in made) - discount
        shipping = 0 if goods > money(8000, currency) else money(590, currency)
        tax = sum(line.tax for line in made)
        included = country in TAX_INCLUDED
        return Order(
            id=self.id("order", 500001), platform=platform, number=self.number(platform),
            customer_id=customer.id if customer and platform in ("shopify", "woo") else None,
            email=email if email else customer.email if customer else None,
            phone=customer.phone if customer else None,
            billing=where, shipping_to=where, currency=currency, lines=made, codes=(code,) if code else (),
            discount=discount, shipping=shipping, tax=tax, taxes_included=included,
            total=goods + shipping + (0 if included else tax), status=status, test=test, staff=staff, refunds=(),
            marketplace=market, locale=LOCALE[country], shipped=status == "paid", placed_at=at, cancelled_at=None,
            updated_at=at,
        )  # fmt: skip

    def refund(self, order: Order, at: datetime, full: bool, note: str = "") -> tuple[tuple[Refund, ...], OrderStatus]:
        """The order's refunds with one more, and its status then."""
        left = order.total - order.refunded
        if full:
            lines = tuple((line.id, line.quantity) for line in order.lines)
            amount = left
        else:
            line = order.lines[0]
            unit = (line.price * line.quantity - line.discount) // line.quantity
            amount = min(left, max(1, unit))
            lines = ((line.id, 1),)
        refunds = (*order.refunds, Refund(self.id("refund", 700001), at, amount, note, lines))
        done = sum(refund.amount for refund in refunds) >= order.total
        return refunds, "refunded" if done else "partially_refunded"

    def cart(self, customer: Customer | None, products: list[Product], at: datetime) -> Cart:
        home = customer.addresses[0].country if customer and customer.addresses else "US"
        lines = self.lines(products, CURRENCY[home], home)
        number = self.id("cart", 300001)
        token = f"{self.random.getrandbits(128):032x}"
        return Cart(
            id=number, platform="shopify", token=token, customer_id=customer.id if customer else None,
            email=customer.email if customer else f"visitor{number}@mail.example", currency=CURRENCY[home],
            lines=lines, total=sum(line.price * line.quantity for line in lines), created_at=at, updated_at=at,
            completed_at=None, order_id=None,
        )  # fmt: skip

    def review(self, product: Product, customer: Customer | None, at: datetime) -> Review:
        rating, text = self.random.choice(REVIEWS)
        number = self.id("review", 5001)
        name = f"{customer.first} {customer.last}" if customer else "Sam"
        email = (customer.email if customer else None) or f"reader{number}@mail.example"
        return Review(
            id=number, platform="woo", product_id=product.id, customer_id=customer.id if customer else None,
            reviewer=name, email=email, rating=rating, text=text, verified=customer is not None, created_at=at,
            updated_at=at,
        )  # fmt: skip


def write(maker: Maker, customers: int, orders: int, now: datetime) -> Past:
    """The past up to `now`, by `maker`."""

    draw = maker.random
    past = Past()
    start = now - timedelta(days=DAYS)

    def some_time(after: datetime) -> datetime:
        seconds = max(60, int((now - after).total_seconds()) - 3600)
        return after + timedelta(seconds=int(draw.random() * seconds))

    for place in range(60):
        product = maker.product(place, start)
        past.products[product.id] = product
    sold = [product for product in past.products.values() if product.status == "active"]
    for _ in range(customers):
        person = maker.customer(some_time(start))
        past.customers[person.id] = person
    people = list(past.customers.values())
    at_shopify = [person for person in people if "shopify" in person.platforms]
    at_woo = [person for person in people if "woo" in person.platforms]
    times = sorted(some_time(start) for _ in range(orders))
    for at in times:
        where = draw.random()
        platform: Platform = (
            "shopify" if where < 0.5 else "woo" if where < 0.8 else "amazon" if where < 0.92 else "flipkart"
        )
        crowd = at_shopify if platform == "shopify" else at_woo if platform == "woo" else []
        buyer = crowd[int(len(crowd) * draw.random() ** 2)] if crowd else None
        email = None
        if buyer is not None:
            at = max(at, buyer.created_at)
            if draw.random() < 0.08:
                # A guest; half of them have an account they did not sign in to.
                known = buyer.email if draw.random() < 0.5 else None
                email = known or f"guest{draw.randrange(10**6)}@mail.example"
                buyer = None
        order = maker.order(
            platform, buyer, sold, at, code=draw.choice(CODES) if platform in ("shopify", "woo") and draw.random() < 0.2
            else None, email=email, test=draw.random() < 0.01, staff=draw.random() < 0.01,
        )  # fmt: skip
        past.orders[order.id] = _later(maker, order, now)
    for _ in range(max(3, orders // 20)):
        if not at_shopify:
            break
        begun = maker.cart(draw.choice(at_shopify) if draw.random() < 0.8 else None, sold, some_time(start))
        if draw.random() < 0.3:
            done = min(now, begun.created_at + timedelta(hours=5))
            begun = replace(begun, completed_at=done, updated_at=done)
        past.carts[begun.id] = begun
    for _ in range(max(3, orders // 10)):
        known_person = draw.choice(at_woo) if at_woo and draw.random() < 0.7 else None
        review = maker.review(draw.choice(sold), known_person, some_time(start))
        past.reviews[review.id] = review
    return past


def _later(maker: Maker, order: Order, now: datetime) -> Order:
    """What became of an order: refunded, cancelled, never paid, or simply delivered."""

    drawn = maker.random.random()
    after = min(now, order.placed_at + timedelta(days=1 + int(9 * maker.random.random())))
    if drawn < 0.03:
        return replace(order, status="cancelled", cancelled_at=after, updated_at=after, shipped=False)
    if drawn < 0.06 or drawn < 0.10:
        full = drawn < 0.06
        refunds, status = maker.refund(order, after, full, "Arrived broken" if full else "Wrong size")
        return replace(order, refunds=refunds, status=status, updated_at=after)
    if drawn < 0.12 and order.platform in ("shopify", "woo"):
        return replace(order, status="pending", shipped=False)
    return replace(order, updated_at=after)
