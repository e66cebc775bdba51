"""Names, places, goods and words of the simulated shop. All invented; addresses end in `.example`."""

from __future__ import annotations

PEOPLE: dict[str, list[tuple[str, str]]] = {
    "US": [
        ("Jane", "Miller"),
        ("Mary-Kate", "O'Brien"),
        ("Robert", "Nguyen"),
        ("Aisha", "Washington"),
        ("José", "Martínez"),
        ("Emma", "Clark"),
        ("Noah", "Baker"),
        ("Olivia", "Reed"),
        ("Liam", "Foster"),
        ("Zoë", "Kim"),
        ("Ethan", "Brooks"),
        ("Grace", "Turner"),
    ],
    "GB": [("Harriet", "Wood"), ("Oliver", "Bennett"), ("Siobhán", "Kelly"), ("George", "Hughes")],
    "DE": [("Jürgen", "Groß"), ("Anna", "Schäfer"), ("Lukas", "Weiß"), ("Sophie", "Krüger")],
    "CN": [("小明", "王"), ("丽华", "李"), ("子涵", "张"), ("建国", "陈"), ("晓燕", "刘"), ("俊杰", "欧阳")],
    "IN": [
        ("Priya", "Sharma"),
        ("Arjun", "Iyer"),
        ("Lakshmi", "Venkataraman"),
        ("Rahul", "Patel"),
        ("Ananya", "Das"),
        ("Mohammed", "Khan"),
        ("सीता", "शर्मा"),
    ],
    "JP": [("花子", "山田"), ("健太", "佐藤")],
}

PLACES: dict[str, list[tuple[str, str, str, str]]] = {
    # street, city, province, postcode
    "US": [
        ("12 Oak Street", "Portland", "OR", "97205"),
        ("480 5th Ave Apt 3B", "New York", "NY", "10018"),
        ("77 Lakeview Dr", "Austin", "TX", "78701"),
    ],
    "GB": [("4 High Street", "Leeds", "", "LS1 4AP"), ("21B Baker Road", "London", "", "NW1 6XE")],
    "DE": [("Gartenstraße 7", "München", "", "80331"), ("Am Markt 2", "Köln", "", "50667")],
    "CN": [
        ("浦东新区世纪大道100号3号楼1202室", "上海", "上海", "200120"),
        ("天河区体育西路8号", "广州", "广东", "510620"),
        ("朝阳区建国路甲88号", "北京", "北京", "100022"),
    ],
    "IN": [
        ("Flat 12, Shanti Apartments, MG Road", "Bengaluru", "KA", "560001"),
        ("14/2 Linking Road, Bandra West", "Mumbai", "MH", "400050"),
        ("B-7 Green Park", "New Delhi", "DL", "110016"),
    ],
    "JP": [("千代田区丸の内1-1-1", "東京", "東京都", "100-0005")],
}

WEIGHTS = {"US": 40, "GB": 10, "DE": 10, "CN": 15, "IN": 20, "JP": 5}
CURRENCY = {"US": "USD", "GB": "GBP", "DE": "EUR", "CN": "CNY", "IN": "INR", "JP": "JPY"}
LOCALE = {"US": "en-US", "GB": "en-GB", "DE": "de", "CN": "zh-CN", "IN": "en-IN", "JP": "ja"}
TAX = {"US": 8, "GB": 20, "DE": 19, "CN": 13, "IN": 18, "JP": 10}
"""Per cent."""
TAX_INCLUDED = {"GB", "DE", "CN", "IN", "JP"}

PHONES = {
    # international, local: the first digits; seven digits follow
    "US": ("+1503", "(503) "),
    "GB": ("+44770", "0770"),
    "DE": ("+49151", "0151"),
    "CN": ("+861380", "1380"),
    "IN": ("+91981", "0981"),
    "JP": ("+81903", "0903"),
}

GOODS: list[tuple[str, str, int, tuple[str, ...]]] = [
    # title, kind, price in cents, variants
    ("Linen Shirt", "Clothing", 5900, ("S", "M", "L")),
    ("Merino Jumper", "Clothing", 8900, ("S", "M", "L", "XL")),
    ("Rain Jacket", "Clothing", 12900, ("M", "L")),
    ("Wool Socks", "Clothing", 1450, ("36-40", "41-45")),
    ("Silk Scarf", "Accessories", 4200, ("Red", "Blue")),
    ("Leather Belt", "Accessories", 3900, ("90 cm", "105 cm")),
    ("Canvas Tote", "Accessories", 2400, ("Default Title",)),
    ("Sun Hat", "Accessories", 3100, ("One size",)),
    ("Jasmine Tea", "Tea", 1290, ("50 g", "100 g", "250 g")),
    ("Darjeeling First Flush", "Tea", 1890, ("50 g", "100 g")),
    ("Green Tea Sampler", "Tea", 2290, ("Default Title",)),
    ("Teapot, Cast Iron", "Kitchen", 5400, ("0.8 l", "1.2 l")),
    ("Ceramic Mug", "Kitchen", 1600, ("White", "Blue", "Grey")),
    ("Olive Wood Board", "Kitchen", 3400, ("Default Title",)),
    ("Chef's Knife", "Kitchen", 7900, ("18 cm", "21 cm")),
    ("Linen Apron", "Kitchen", 3600, ("Natural", "Navy")),
    ("Beeswax Candle", "Home", 1900, ("Small", "Large")),
    ("Cotton Blanket", "Home", 6900, ("Single", "Double")),
    ("Wall Clock", "Home", 4500, ("Default Title",)),
    ("Plant Pot", "Home", 2100, ("12 cm", "18 cm")),
    ("Hand Cream", "Care", 1150, ("50 ml", "100 ml")),
    ("Rose Soap", "Care", 790, ("Default Title",)),
    ("Shampoo Bar", "Care", 1050, ("Dry hair", "Oily hair")),
    ("Face Oil", "Care", 2650, ("30 ml",)),
    ("Notebook A5", "Paper", 990, ("Plain", "Ruled", "Dotted")),
    ("Fountain Pen", "Paper", 3900, ("F", "M")),
    ("Brush Pen Set", "Paper", 2400, ("Default Title",)),
    ("Letter Paper", "Paper", 1250, ("Default Title",)),
    ("Yoga Mat", "Sport", 4900, ("Green", "Black")),
    ("Steel Bottle", "Sport", 2700, ("500 ml", "750 ml")),
    ("Skipping Rope", "Sport", 1500, ("Default Title",)),
    ("Hiking Poles", "Sport", 6400, ("Default Title",)),
]

CODES = ["WELCOME10", "SPRING15", "FREUNDE", "双11"]

REVIEWS: list[tuple[int, str]] = [
    (5, "<p>Absolutely love it. My daughter wants one too!</p>"),
    (5, "<p>Fast delivery, lovely packaging &amp; great quality.</p>\n"),
    (4, "<p>Good, but the colour is a little darker than in the picture.</p>"),
    (3, "<p>It is okay.<br />Nothing special for the price.</p>"),
    (2, "<p>Came late and the box was damaged. Disappointed.</p>"),
    (1, "<p>Broke after two days. I asked for a refund and nobody answers!!!</p>"),
    (5, "<p>质量很好,包装精美,下次还会再来。</p>"),
    (2, "<p>物流太慢了,等了两周,有点失望。</p>"),
    (4, "<p>Very nice product, value for money. Delivery boy was polite.</p>"),
]
