"""The cleaning on the way in: one ordered table of named rules, run on every record before it is grouped.

A rule changes a record or sets it aside; both are counted by origin and day (`report`), and what was set aside is kept
whole until a member lets it in or discards it (`functions/ingest/aside.py`). Nothing is thrown away.
"""

from __future__ import annotations

from functions.ingest.cleaning import codes, facts, people, sources, texts
from functions.ingest.cleaning.rule import Rule, said

DUPLICATES = "duplicates"
RULES: tuple[Rule, ...] = (
    Rule("zones", said("Times without a zone", "没有时区的时间"), raw=codes.zones),
    Rule("countries", said("Country names to codes", "国家名称转为代码"), raw=codes.countries),
    Rule("currency codes", said("Currency codes", "货币代码写法"), raw=codes.currency_codes),
    Rule("encodings", said("Broken encodings", "乱码修复"), texts.encodings),
    Rule("markup", said("HTML in texts", "文本中的 HTML"), texts.markup),
    Rule("signatures", said("Signatures and quoted replies", "邮件签名与引用回复"), texts.signatures),
    Rule("e-mail twice", said("E-mail address written twice", "重复填写的邮箱"), sources.address_twice),
    Rule("names", said("How names are written", "姓名写法"), people.names),
    Rule("addresses", said("Addresses and phone numbers", "地址与电话号码"), people.addresses),
    Rule("births", said("Impossible birth dates", "不可能的出生日期"), facts.births),
    Rule("dates", said("Dates that cannot be", "不可能的日期"), facts.moments),
    Rule("currencies", said("Currencies that cannot be", "不可能的货币"), facts.currencies),
    Rule("amounts", said("Amounts that cannot be", "不可能的金额"), facts.amounts),
    Rule("refunds", said("Refunds above the total", "退款超过总额"), facts.refunds),
    Rule("test orders", said("Test orders", "测试订单"), sources.tests, files=False),
    Rule("staff orders", said("Orders of the shop's own people", "员工订单"), sources.staff),
    Rule("bots", said("Visits by machines", "机器访问"), sources.bots),
    Rule(DUPLICATES, said("The same words twice", "重复的评价"), files=False),
)
"""In the order in which they run. The last looks at a message's records together (`sources.twins`)."""
