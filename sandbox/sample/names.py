"""Invented people: names, mailboxes that cannot exist, numbers reserved for fiction."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


def _pairs(text: str) -> list[tuple[str, str]]:
    """Names with their Latin spelling, from "林:Lin 陈:Chen"."""
    return [(name, latin) for name, latin in (pair.split(":") for pair in text.split())]


_GIVEN_F = (
    "Abigail Alice Amara Anika Beatrix Bridget Camille Carys Celeste Chloe Clara Daphne Della Edith Elena Elise Esme "
    "Farah Fiona Freya Gemma Georgia Greta Hana Harriet Hazel Imogen Ingrid Iris Isla Ivy Joanna June Keira Lara "
    "Leonie Lila Lorna Lucia Mabel Maeve Marian Matilda Mira Nadia Naomi Nell Niamh Nora Odette Olive Opal Paloma "
    "Petra Phoebe Priya Quinn Ramona Renata Rosalind Rowan Sabine Saskia Selma Sunita Tabitha Tess Thea Una Vera Willa "
    "Yasmin Yvonne Zara Zelda"
).split()
_GIVEN_M = (
    "Adrian Alasdair Ambrose Anton Arlo Barnaby Basil Callum Casper Cedric Conrad Cormac Dale Darius Declan Desmond "
    "Edmund Elias Emmett Ewan Felix Fergus Finn Gareth Gideon Graham Hamish Harvey Hector Hugo Idris Ivor Jasper "
    "Jerome Jonas Julian Kamal Keith Lachlan Leif Linus Lorcan Magnus Malcolm Marlon Milo Nathan Neil Niall Orson "
    "Otis Pascal Percy Quentin Rafael Ravi Reuben Rhys Rory Rufus Samir Silas Stellan Tariq Theo Tobias Umar Vaughn "
    "Victor Wesley Xavier Yusuf Zane"
).split()
_FAMILY = (
    "Abernathy Alderton Ashgrove Barrowby Bexley Birkwood Blackmere Brambley Brightwell Calloway Carrick Cinderford "
    "Cloverdale Coldwell Copperfield Cravenhurst Dalrymple Darnley Dunmore Eastlake Elmsworth Fairweather Farrow "
    "Fennimore Foxglove Garrick Gladwin Greenhalgh Hartnell Hawthorne Heatherby Hollis Iverson Kestrel Kingsley "
    "Lambourne Larkspur Lindqvist Lockhart Marchbanks Marwood Merriweather Moorcroft Nightingale Northcott Oakhurst "
    "Okonjo Pemberton Pennywell Pickering Quillfeather Rainford Ravensdale Redfern Rosewell Rutherglen Saltmarsh "
    "Sandoval Seabrook Shelby Silverton Stonebridge Summerfield Tamworth Thistlewood Thornbury Trevanion Underhill "
    "Vasquero Wakefield Waterlow Wexford Whitlock Winterbourne Woodrow Yarrow"
).split()
_SURNAMES = _pairs(
    "林:Lin 陈:Chen 沈:Shen 顾:Gu 陆:Lu 许:Xu 苏:Su 叶:Ye 江:Jiang "
    "温:Wen 姚:Yao 方:Fang 宋:Song 梁:Liang 何:He 傅:Fu 程:Cheng 唐:Tang "
    "秦:Qin 白:Bai 罗:Luo 邱:Qiu 谢:Xie 潘:Pan 尹:Yin 钟:Zhong 韩:Han "
    "孟:Meng 柳:Liu"
)
_ZH_F = _pairs(
    "知夏:Zhixia 雨桐:Yutong 若溪:Ruoxi 清禾:Qinghe 书瑶:Shuyao 念慈:Nianci 思齐:Siqi 婉宁:Wanning 沐晴:Muqing "
    "佳音:Jiayin 晓岚:Xiaolan 梓萱:Zixuan 安琪:Anqi 月华:Yuehua 秋宜:Qiuyi 静姝:Jingshu 云舒:Yunshu 采薇:Caiwei "
    "语嫣:Yuyan 可心:Kexin 玉兰:Yulan 丽珍:Lizhen 美芳:Meifang 春燕:Chunyan"
)
_ZH_M = _pairs(
    "子墨:Zimo 明远:Mingyuan 浩然:Haoran 景行:Jingxing 奕辰:Yichen 修文:Xiuwen 立诚:Licheng 承泽:Chengze 嘉树:Jiashu "
    "一鸣:Yiming 志远:Zhiyuan 建平:Jianping 国栋:Guodong 启航:Qihang 柏年:Bonian 少川:Shaochuan 文博:Wenbo 子昂:Ziang "
    "俊杰:Junjie 天佑:Tianyou"
)
_WESTERN_NICK = (
    "Amy Benny Cherie Derek Elaine Fion Gladys Henry Iris Jacky Karen Leo Mandy Nicole Oscar Peggy Ray Sandy Terence "
    "Vivian Winnie Yvette"
).split()
_US_CODES = "201 206 212 213 303 305 312 404 415 503 512 602 612 617 702 713 718 801 919 971".split()
_CA_CODES = "204 403 416 506 514 604 613 780 902".split()


@dataclass(frozen=True)
class Identity:
    name: str
    email: str
    phone: str | None
    gender: str


class People:
    """Makes people who do not exist, no two with the same mailbox or the same number."""

    def __init__(self) -> None:
        self._phones: set[str] = set()

    def make(self, rng: Random, number: int, country: str, language: str) -> Identity:
        """`number` is the customer's own number: it goes into the mailbox."""
        female = rng.random() < 0.63
        if country in ("CN", "TW") or (country in ("HK", "SG") and language == "zh"):
            family, latin_family = rng.choice(_SURNAMES)
            given, latin_given = rng.choice(_ZH_F if female else _ZH_M)
            name, box = family + given, f"{latin_given}.{latin_family}".lower()
        elif country in ("HK", "SG") and rng.random() < 0.7:
            given, latin_family = rng.choice(_WESTERN_NICK), rng.choice(_SURNAMES)[1]
            name, box = f"{given} {latin_family}", f"{given}.{latin_family}".lower()
        else:
            given, family = rng.choice(_GIVEN_F if female else _GIVEN_M), rng.choice(_FAMILY)
            name, box = f"{given} {family}", f"{given}.{family}".lower()
        email = f"{box}{number}@{rng.choice(('example.com', 'example.org'))}"
        return Identity(name, email, self._phone(rng, country), "female" if female else "male")

    def _phone(self, rng: Random, country: str) -> str | None:
        """A number from a range reserved for fiction, or none.

        US and Canada: 555-0100..0199 of an area code; Britain: 07700 900000..900999 (Ofcom). For the other countries no
        reserved range is known to us, so nobody there has a number.
        """
        if country not in ("US", "CA", "GB") or rng.random() < 0.3:
            return None
        while True:
            if country == "GB":
                phone = f"+447700900{rng.randrange(1000):03d}"
            else:
                phone = f"+1{rng.choice(_US_CODES if country == 'US' else _CA_CODES)}55501{rng.randrange(100):02d}"
            if phone not in self._phones:
                self._phones.add(phone)
                return phone
