"""What the sample shop sells: 42 invented products in eight categories."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.sample.shop import CNY_RATE


@dataclass(frozen=True)
class Product:
    id: str
    category: str
    en: str
    zh: str
    noun_en: str
    """What a customer calls it in a sentence: "the {noun_en}"."""
    noun_zh: str
    cents: int
    quality: float
    """Mean satisfaction on the scale of ratings, before the buyer's own temper."""
    several: bool = False
    """People buy more than one at a time."""

    @property
    def title(self) -> str:
        return f"{self.en} {self.zh}"

    def price(self, currency: str) -> int:
        """Minor units; yuan prices are whole yuan ending in 9, as shops there set them."""
        if currency == "USD":
            return self.cents
        return (round(self.cents / 100 / CNY_RATE / 10) * 10 - 1) * 100


_ROWS: dict[str, list[tuple[str, str, str, str, str, int, float, bool]]] = {
    "Tea & coffee": [
        ("TC-MUG", "Harbour Mug", "海港马克杯", "mug", "马克杯", 1800, 4.5, True),
        ("TC-POT", "Tide Teapot", "潮汐茶壶", "teapot", "茶壶", 5400, 4.4, False),
        ("TC-KETTLE", "Heron Gooseneck Kettle", "鹭鸶细嘴水壶", "kettle", "水壶", 7900, 1.7, False),
        ("TC-DRIP", "Slow Morning Pour-over Set", "慢晨手冲套装", "pour-over set", "手冲套装", 4600, 4.3, False),
        ("TC-CADDY", "Cedar Tea Caddy", "雪松茶叶罐", "tea caddy", "茶叶罐", 2400, 4.4, False),
        ("TC-CUPS", "Celadon Tea Cups", "青瓷茶杯", "tea cups", "茶杯", 3900, 4.6, False),
    ],
    "Tableware": [
        ("TW-PLATE", "Pebble Dinner Plate", "卵石餐盘", "plate", "餐盘", 2200, 4.3, True),
        ("TW-NOODLE", "Deep Noodle Bowl", "深口面碗", "bowl", "面碗", 1900, 4.6, True),
        ("TW-RICE", "Rice Bowl Set", "饭碗四件套", "rice bowls", "饭碗", 3400, 4.4, False),
        ("TW-NAPKIN", "Washed Linen Napkins", "水洗亚麻餐巾", "napkins", "餐巾", 2800, 4.2, False),
        ("TW-STICKS", "Ironwood Chopsticks", "铁木筷子", "chopsticks", "筷子", 1600, 4.3, True),
        ("TW-PLATTER", "Long Fish Platter", "长形鱼盘", "platter", "鱼盘", 4200, 4.2, False),
    ],
    "Cookware": [
        ("CK-POT", "Cast Iron Stew Pot", "铸铁炖锅", "pot", "炖锅", 9800, 4.5, False),
        ("CK-WOK", "Carbon Steel Wok", "熟铁炒锅", "wok", "炒锅", 6400, 4.4, False),
        ("CK-STEAM", "Two-tier Bamboo Steamer", "双层竹蒸笼", "steamer", "蒸笼", 3200, 4.3, False),
        ("CK-BOARD", "Beech Chopping Board", "榉木砧板", "board", "砧板", 3900, 4.1, False),
        ("CK-SAUCE", "Enamel Milk Pan", "珐琅奶锅", "milk pan", "奶锅", 5200, 4.2, False),
    ],
    "Bedding": [
        ("BD-DUVET", "Stonewashed Linen Duvet Cover", "石洗亚麻被套", "duvet cover", "被套", 14800, 4.5, False),
        ("BD-SHEET", "Percale Sheet Set", "高支棉床单套装", "sheets", "床单", 9600, 4.2, False),
        ("BD-THROW", "Merino Throw", "美利奴盖毯", "throw", "盖毯", 8800, 4.6, False),
        ("BD-PILLOW", "Buckwheat Pillow", "荞麦枕", "pillow", "枕头", 4400, 4.0, True),
        ("BD-CUSHION", "Corduroy Cushion Cover", "灯芯绒靠垫套", "cushion cover", "靠垫套", 2600, 4.2, True),
    ],
    "Lighting": [
        ("LT-LANTERN", "Paper Lantern Lamp", "纸灯笼吊灯", "lantern", "纸灯", 6900, 4.2, False),
        ("LT-BEDSIDE", "Pebble Bedside Lamp", "卵石床头灯", "bedside lamp", "床头灯", 5800, 4.4, False),
        ("LT-HOLDER", "Brass Candle Holder", "黄铜烛台", "candle holder", "烛台", 2100, 4.3, True),
        ("LT-READ", "Long Arm Reading Lamp", "长臂阅读灯", "reading lamp", "阅读灯", 8400, 4.3, False),
        ("LT-STRING", "Firefly String Lights", "萤火灯串", "string lights", "灯串", 2300, 3.9, False),
    ],
    "Storage": [
        ("ST-BASKET", "Rattan Basket", "藤编篮", "basket", "藤篮", 3600, 4.4, True),
        ("ST-BOX", "Stacking Linen Box", "叠放亚麻盒", "box", "收纳盒", 1900, 4.3, True),
        ("ST-SHOES", "Slim Shoe Rack", "窄型鞋架", "shoe rack", "鞋架", 7200, 3.8, False),
        ("ST-HOOKS", "Oak Wall Hooks", "橡木挂钩", "hooks", "挂钩", 1700, 4.2, True),
        ("ST-TRAY", "Little Things Tray", "小物托盘", "tray", "托盘", 2500, 4.5, False),
    ],
    "Bath": [
        ("BT-TOWEL", "Waffle Towel", "华夫格浴巾", "towel", "浴巾", 2700, 4.3, True),
        ("BT-MAT", "Cloud Bath Mat", "云朵浴室垫", "bath mat", "浴室垫", 3300, 4.1, False),
        ("BT-SOAP", "River Stone Soap Dish", "溪石皂碟", "soap dish", "皂碟", 1400, 4.3, True),
        ("BT-ROBE", "Sunday Robe", "周日浴袍", "robe", "浴袍", 7600, 4.4, False),
        ("BT-STOOL", "Bamboo Bath Stool", "竹制浴凳", "stool", "浴凳", 5900, 4.0, False),
    ],
    "Scent & plants": [
        ("SC-CANDLE", "Fig & Salt Candle", "无花果海盐香薰蜡烛", "candle", "香薰蜡烛", 2400, 4.5, True),
        ("SC-INCENSE", "Hill Incense Holder", "远山香插", "incense holder", "香插", 1800, 4.5, False),
        ("SC-PLANTER", "Speckled Planter", "斑点陶花盆", "planter", "花盆", 3400, 4.2, True),
        ("SC-CAN", "Swan Watering Can", "天鹅浇水壶", "watering can", "浇水壶", 4100, 4.3, False),
        ("SC-DIFF", "Ceramic Diffuser", "陶瓷扩香器", "diffuser", "扩香器", 4900, 4.1, False),
    ],
}

PRODUCTS: tuple[Product, ...] = tuple(
    Product(id=row[0], category=category, en=row[1], zh=row[2], noun_en=row[3], noun_zh=row[4], cents=row[5],
            quality=row[6], several=row[7])
    for category, rows in _ROWS.items()
    for row in rows
)
CATEGORIES: tuple[str, ...] = tuple(_ROWS)
BY_CATEGORY: dict[str, tuple[Product, ...]] = {c: tuple(p for p in PRODUCTS if p.category == c) for c in CATEGORIES}
KETTLE = next(p for p in PRODUCTS if p.id == "TC-KETTLE")
