"""What a column can mean: one table, with the headers by which each meaning is recognised (English, Chinese and
others)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

ImportKind = Literal["orders", "customers", "reviews"]
KINDS: tuple[ImportKind, ...] = ("orders", "customers", "reviews")
ALL = frozenset(KINDS)


@dataclass(frozen=True)
class FieldSpec:
    """One meaning. `synonyms` are compared after `squeeze`; the first field that claims a header gets it."""

    name: str
    en: str
    zh: str
    kinds: frozenset[str]
    synonyms: tuple[str, ...]


def squeeze(header: str) -> str:
    """A header without case, spaces, accents and punctuation."""
    text = unicodedata.normalize("NFKD", header.strip().lstrip("\ufeff")).lower()
    return re.sub(r"[^\w\u3400-\u9fff]|_", "", "".join(c for c in text if not unicodedata.combining(c)))


def _spec(name: str, en: str, zh: str, kinds: str, synonyms: str) -> FieldSpec:
    return FieldSpec(
        name, en, zh, ALL if kinds == "*" else frozenset(kinds.split()), tuple(squeeze(s) for s in synonyms.split(","))
    )


FIELDS: tuple[FieldSpec, ...] = (
    _spec(
        "customerId",
        "Customer id",
        "客户编号",
        "*",
        "customer id,customer,customer no,customer number,"
        "customer code,client id,client,user id,user,member id,member,member no,"
        "member code,buyer id,buyer,shopper id,reviewer id,"
        "reviewer,account id,household id,cust id,custid,uid,客户编号,客户id,"
        "客户,会员编号,会员id,会员号,会员,用户id,用户编号,用户,买家id,买家,kunde,kundennummer,client no",
    ),
    _spec(
        "orderId",
        "Order id",
        "订单号",
        "orders",
        "order id,order number,order no,order name,order,order ref,"
        "order reference,transaction id,transaction,invoice,invoice no,"
        "invoice number,invoice id,basket id,receipt,"
        "receipt no,purchase id,sale id,订单号,订单编号,订单id,交易号,流水号,小票号",
    ),
    _spec(
        "reviewId",
        "Review id",
        "评价编号",
        "reviews",
        "review id,feedback id,comment id,id,ticket id,"
        "message id,response id,survey id,评价编号,评论id,评价id,反馈编号",
    ),
    _spec(
        "date",
        "Date",
        "日期",
        "*",
        "date,order date,created at,created,placed at,purchase date,"
        "purchased at,transaction date,transaction timestamp,invoice date,"
        "timestamp,time,datetime,paid at,order time,day,review date,"
        "reviewed at,review time,submitted at,signup date,registered,"
        "registered at,registration date,joined,joined at,"
        "member since,customer since,date created,order created,at,sent at,message time,日期,下单时间,订单日期,"
        "购买日期,购买时间,成交时间,付款时间,创建时间,时间,注册时间,注册日期,评价时间,评论时间",
    ),
    _spec(
        "amount",
        "Amount",
        "金额",
        "orders",
        "amount,total,order total,total price,total amount,"
        "order amount,revenue,sales,sales value,value,order value,paid,amount paid,"
        "grand total,price paid,spend,net amount,gross amount,"
        "net total,payment,金额,订单金额,总价,总金额,实付金额,实付款,支付金额,合计,betrag",
    ),
    _spec(
        "currency", "Currency", "币种", "orders", "currency,currency code,cur,iso currency,币种,货币,货币代码,waehrung"
    ),
    _spec(
        "discount",
        "Discount",
        "优惠金额",
        "orders",
        "discount,discount amount,discounts,total discount,"
        "total discounts,coupon amount,voucher,rebate,优惠金额,优惠,折扣,折扣金额,抵扣",
    ),
    _spec(
        "refund",
        "Refunded",
        "退款金额",
        "orders",
        "refund,refunded,refund amount,refunded amount,amount refunded,total refunded,returns,退款,退款金额,已退款",
    ),
    _spec(
        "status",
        "Order status",
        "订单状态",
        "orders",
        "status,order status,financial status,state,fulfillment status,订单状态,状态,交易状态",
    ),
    _spec(
        "productId",
        "Product id",
        "商品编号",
        "orders reviews",
        "product id,product,sku,item id,item,asin,article,"
        "article no,lineitem sku,clothing id,product code,product no,商品编号,商品id,"
        "货号,商品编码",
    ),
    _spec(
        "productTitle",
        "Product name",
        "商品名称",
        "orders reviews",
        "product name,product title,item name,title of product,"
        "lineitem name,line item,lines,items description,description,商品名称,商品,"
        "产品,产品名称,宝贝标题",
    ),
    _spec(
        "quantity",
        "Quantity",
        "数量",
        "orders",
        "quantity,qty,items,units,count,n items,"
        "number of items,item count,n cds,lineitem quantity,pieces,数量,件数,商品数量",
    ),
    _spec("price", "Unit price", "单价", "orders", "price,unit price,item price,lineitem price,单价,价格,商品单价"),
    _spec(
        "text",
        "Text",
        "内容",
        "reviews",
        "text,review text,review,comment,comments,body,content,"
        "message,feedback,review body,review content,answer,words,reviewtext,"
        "内容,评论,评价,评论内容,评价内容,留言,反馈",
    ),
    _spec("title", "Title", "标题", "reviews", "title,review title,headline,subject,summary,标题,评价标题"),
    _spec("rating", "Rating", "评分", "reviews", "rating,stars,score,star rating,review rating,overall,评分,星级,打分"),
    _spec(
        "name",
        "Name",
        "姓名",
        "*",
        "name,full name,customer name,display name,buyer name,"
        "billing name,shipping name,contact name,reviewer name,姓名,客户姓名,名字,"
        "收货人,买家姓名,昵称,会员姓名",
    ),
    _spec("firstName", "First name", "名", "*", "first name,firstname,given name,forename,vorname,名"),
    _spec("lastName", "Last name", "姓", "*", "last name,lastname,surname,family name,nachname,姓"),
    _spec(
        "email",
        "E-mail",
        "电子邮箱",
        "*",
        "email,e-mail,email address,e-mail address,mail,"
        "customer email,contact email,buyer email,reviewer email,邮箱,电子邮箱,电子邮件,邮件",
    ),
    _spec(
        "phone",
        "Phone",
        "手机",
        "*",
        "phone,phone number,telephone,tel,mobile,mobile number,"
        "mobile phone,cell,cell phone,customer phone,billing phone,电话,手机,手机号,"
        "手机号码,联系电话",
    ),
    _spec(
        "birthDate",
        "Birth date",
        "出生日期",
        "orders customers",
        "birth date,birthdate,birthday,date of birth,dob,born,生日,出生日期",
    ),
    _spec("gender", "Gender", "性别", "orders customers", "gender,sex,性别"),
    _spec(
        "country",
        "Country",
        "国家",
        "*",
        "country,country code,billing country,shipping country,ship country,国家,国家地区,国家代码",
    ),
    _spec("zone", "Time zone", "时区", "orders customers", "time zone,timezone,tz,zone,时区"),
    _spec("language", "Language", "语言", "*", "language,lang,locale,preferred language,语言,语种"),
    _spec(
        "address",
        "Address",
        "地址",
        "orders customers",
        "address,street,billing address,shipping address,address line 1,billing street,地址,收货地址,详细地址",
    ),
    _spec("tags", "Tags", "标签", "customers", "tags,labels,groups,segments,标签"),
    _spec(
        "consentEmail",
        "E-mail consent",
        "邮件许可",
        "orders customers",
        "email consent,accepts email,accepts marketing,"
        "accepts email marketing,email marketing,email opt in,email subscribed,newsletter,"
        "marketing consent,opt in,optin,subscribed,"
        "consent email,buyer accepts marketing,邮件许可,邮件订阅,接受邮件,同意营销,营销许可",
    ),
    _spec(
        "consentSms",
        "SMS consent",
        "短信许可",
        "orders customers",
        "sms consent,accepts sms,accepts sms marketing,"
        "sms marketing,sms opt in,sms subscribed,consent sms,短信许可,短信订阅,接受短信",
    ),
    _spec(
        "consentWechat",
        "WeChat consent",
        "微信许可",
        "orders customers",
        "wechat consent,accepts wechat,wechat opt in,consent wechat,微信许可,微信订阅,接受微信",
    ),
    _spec(
        "consentDate",
        "Consent date",
        "许可日期",
        "orders customers",
        "consent date,consented at,opt in date,opt in at,optin date,consent at,许可日期,订阅时间,同意时间,许可时间",
    ),
    _spec(
        "profilingOptOut",
        "Profiling refused",
        "拒绝画像",
        "customers",
        "profiling opt out,no profiling,profiling refused,opt out profiling,拒绝画像,拒绝个性化",
    ),
)
BY_NAME = {spec.name: spec for spec in FIELDS}
CONSENT_FIELDS = {"consentEmail": "email", "consentSms": "sms", "consentWechat": "wechat"}
PERSON_KEYS = ("customerId", "email", "phone")


def missing_fields(kind: str, mapped: set[str]) -> list[tuple[str, str, str]]:
    """What a mapping still lacks: (field, English, Chinese), each naming the way out."""
    problems: list[tuple[str, str, str]] = []
    if kind in ("orders", "customers") and not mapped.intersection(PERSON_KEYS):
        problems.append(
            (
                "customerId",
                "No column tells who the customer is: choose one for the customer id, the e-mail or the phone.",
                "没有列能说明客户是谁：请选择客户编号、邮箱或手机列。",
            )
        )
    if kind == "orders":
        if "date" not in mapped:
            problems.append(
                (
                    "date",
                    "No date column: choose the one with the order's date.",
                    "没有日期列：请选择订单日期所在的列。",
                )
            )
        if "amount" not in mapped and not {"price", "quantity"} <= mapped:
            problems.append(
                (
                    "amount",
                    "No amount column: choose the order's total, or a unit price and a quantity.",
                    "没有金额列：请选择订单金额，或单价和数量列。",
                )
            )
    if kind == "reviews" and not mapped.intersection(("text", "rating")):
        problems.append(("text", "No column with words or a rating: choose one.", "没有内容或评分列：请选择一个。"))
    return problems
