"""Which platform is it? Shapes first: a secret is never sent to a host to find out. Then one harmless probe.

Shapes and their sources are in each row's comment; what is not certain is said to be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from functions.connect.net import Forbidden, at_most, check_scheme
from functions.connect.outside import Outside
from functions.connect.platforms import names, storefront
from functions.connect.storefront import text
from schema.base import Localized, Platform
from schema.connections import Given
from schema.store import Data

KEY_SHAPES: tuple[tuple[re.Pattern[str], Platform, str, str], ...] = (
    (re.compile(r"^shp(at|ss|ca|pa)_[0-9a-f]{32}$", re.I), "shopify", "a Shopify token", "Shopify 令牌"),
    (re.compile(r"^c[ks]_[0-9a-f]{40}$", re.I), "woocommerce", "a WooCommerce REST key", "WooCommerce REST 密钥"),
    (
        re.compile(r"^amzn1\.(application-oa2-client|oa2-cs\.v1|sp\.solution)\."),
        "amazon",
        "an Amazon id",
        "亚马逊应用标识",
    ),
    (re.compile(r"^Atz[ra]\|"), "amazon", "a Login with Amazon token", "亚马逊登录令牌"),
    (re.compile(r"^[0-9a-f]{36,44}$", re.I), "flipkart", "a Flipkart application id", "Flipkart 应用 ID"),
)
HOSTS: tuple[tuple[re.Pattern[str], Platform], ...] = (
    (re.compile(r"(^|\.)myshopify\.com$"), "shopify"),
    (re.compile(r"^admin\.shopify\.com$"), "shopify"),
    (re.compile(r"(^|\.)sellercentral(-europe|-japan)?\.amazon\.[a-z.]+$"), "amazon"),
    (re.compile(r"(^|\.)sellingpartnerapi-(na|eu|fe)\.amazon\.com$"), "amazon"),
    (re.compile(r"(^|\.)amazon\.[a-z.]{2,6}$"), "amazon"),
    (re.compile(r"(^|\.)flipkart\.(com|net)$"), "flipkart"),
)
LARGEST_PROBE = 1024 * 1024
"""Bytes of the page that is looked at."""
ADMIN_SHOPIFY = re.compile(r"^https?://admin\.shopify\.com/store/([a-z0-9][a-z0-9-]*)", re.I)


@dataclass(frozen=True)
class Detected:
    """What the input is, and why."""

    platform: Platform | None
    why: Localized
    sure: bool
    shop: str = ""
    """The shop's address as far as it could be read from the input."""


def detect(outside: Outside, given: str) -> Detected:
    """Recognise a platform from an address or a key that was pasted. Never raises for odd input."""
    told = given.strip()
    for pattern, platform, en, zh in KEY_SHAPES:
        if pattern.match(told):
            return Detected(platform, text(f"This looks like {en}.", f"这看起来是{zh}。"), True)
    if found := ADMIN_SHOPIFY.match(told):
        why = text("This is the address of a Shopify admin.", "这是 Shopify 后台地址。")
        return Detected("shopify", why, True, f"{found[1].lower()}.myshopify.com")
    if re.fullmatch(r"[a-z0-9][a-z0-9-]*\.myshopify\.com", told, re.I):
        return _by_host("shopify", told.lower(), told.lower())
    url = _url(told)
    if url is None:
        return Detected(
            None,
            text(
                "This is neither a web address nor a key we know: paste the shop's address, or choose the platform.",
                "无法识别：请粘贴店铺网址，或直接选择平台。",
            ),
            False,
        )
    for shape, platform in HOSTS:
        if shape.search(url.host):
            return _by_host(platform, url.host, url.host if platform == "shopify" else "")
    return _probe(outside, url)


def _url(told: str) -> httpx.URL | None:
    address = told if re.match(r"^https?://", told, re.I) else f"https://{told}"
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        return None
    plain = re.fullmatch(r"[A-Za-z0-9.\-]+", url.host or "")
    return url if plain and ("." in url.host or url.host == "localhost") else None


def _by_host(platform: Platform, host: str, shop: str) -> Detected:
    en = f"{host} belongs to {TITLES[platform]}."
    return Detected(platform, text(en, f"{host} 属于 {TITLES[platform]}。"), True, shop)


def _probe(outside: Outside, url: httpx.URL) -> Detected:
    """Look at an own domain from outside, without any key: Woo says so in `/wp-json/`, Shopify in its headers."""
    base = str(url.copy_with(query=None, fragment=None)).rstrip("/")
    try:
        check_scheme(url, outside.endpoints.local_hosts)
        answer = outside.client().get(f"{base}/wp-json/", follow_redirects=True, extensions=at_most(LARGEST_PROBE))
    except Forbidden as error:
        return Detected(None, text(error.en, error.zh), False)
    except httpx.HTTPError:
        return Detected(
            None,
            text(f"{url.host} did not answer: check the address, or choose the platform.",
                 f"{url.host} 没有响应：请检查网址，或直接选择平台。"),
            False,
        )  # fmt: skip
    try:
        body = answer.json() if answer.status_code == 200 else None
    except (ValueError, RecursionError):
        body = None
    spaces = body.get("namespaces") if isinstance(body, dict) else None
    if isinstance(spaces, list) and "wc/v3" in spaces:
        # The site's own address after redirects, without /wp-json.
        shop = str(answer.url).split("/wp-json")[0]
        why = text(
            f"{url.host} runs WordPress with WooCommerce (its /wp-json lists wc/v3).",
            f"{url.host} 运行 WordPress 与 WooCommerce（/wp-json 列出 wc/v3）。",
        )
        return Detected("woocommerce", why, True, shop)
    if isinstance(spaces, list):
        why = text(
            f"{url.host} runs WordPress without WooCommerce's REST API: activate WooCommerce and pretty permalinks.",
            f"{url.host} 运行 WordPress，但没有 WooCommerce REST API：请启用 WooCommerce 与固定链接。",
        )
        return Detected(None, why, False)
    if "x-shopid" in answer.headers or "shopify" in answer.headers.get("powered-by", "").lower():
        why = text(
            f"{url.host} is served by Shopify: give its address at myshopify.com too.",
            f"{url.host} 由 Shopify 提供服务：请填写其 myshopify.com 地址。",
        )
        return Detected("shopify", why, False)
    why = text(
        f"Nothing at {url.host} says which platform it is: choose the platform.",
        f"无法判断 {url.host} 使用的平台：请直接选择平台。",
    )
    return Detected(None, why, False)


TITLES: dict[str, str] = {
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "amazon": "Amazon",
    "flipkart": "Flipkart",
}


def needs(platform: Platform, app_ready: bool) -> list[Data]:
    """The fields that the wizard asks for, in order."""
    shop = {
        "shopify": _need("shop", "Shop address", "店铺地址", "name.myshopify.com", "name.myshopify.com"),
        "woocommerce": _need("shop", "Shop address", "店铺网址", "https://shop.example", "https://shop.example"),
        "amazon": _need(
            "shop",
            "Marketplace",
            "站点",
            "Country of the marketplace, like IN, US or DE",
            "站点所在国家，例如 IN、US、DE",
        ),
        "flipkart": _need("shop", "Name for this seller account", "卖家账号名称", "Any name you like", "任意名称"),
    }[platform]
    app = {
        "shopify": [
            _need("clientId", "Client ID", "Client ID", "Dev Dashboard, app settings", "Dev Dashboard 的应用设置"),
            _need("clientSecret", "Client secret", "Client secret", "The same page", "同一页面", secret=True),
        ],
        "woocommerce": [],
        "amazon": [
            _need("applicationId", "Application ID", "应用 ID", "amzn1.sp.solution…", "amzn1.sp.solution…"),
            _need("clientId", "LWA client ID", "LWA 客户端 ID", "amzn1.application-…", "amzn1.application-…"),
            _need("clientSecret", "LWA client secret", "LWA 客户端密钥", "amzn1.oa2-cs…", "amzn1.oa2-cs…", secret=True),
        ],
        "flipkart": [
            _need("clientId", "Application ID", "应用 ID", "Seller Hub, API access", "Seller Hub 的 API 访问页"),
            _need("clientSecret", "Application secret", "应用密钥", "The same page", "同一页面", secret=True),
        ],
    }[platform]  # fmt: skip
    return [shop, *([] if app_ready else app)]


def _need(field: str, en: str, zh: str, help_en: str, help_zh: str, secret: bool = False) -> Data:
    return {"field": field, "label": {"en": en, "zh": zh}, "help": {"en": help_en, "zh": help_zh}, "secret": secret}


def described(outside: Outside, found: Detected, chosen: str | None = None) -> Data:
    """The answer of `connection.detect`."""
    platform = chosen or found.platform
    result: Data = {
        "platform": platform,
        "why": found.why.to_doc(),
        "sure": found.sure,
        "shop": found.shop,
        "platforms": list(names()),
        "needs": [],
        "oauth": False,
        "appReady": False,
        "gives": [],
    }
    if platform:
        front = storefront(platform)
        ready = front.platform in outside.apps and bool(outside.apps[front.platform].client_id)
        gives: list[Given] = front.gives()
        result |= {
            "needs": needs(front.platform, ready),
            "oauth": front.oauth,
            "appReady": ready,
            "gives": [one.to_doc() for one in gives],
        }
    return result


def typed_fields(fields: Mapping[str, object]) -> dict[str, str]:
    """What the person typed, as trimmed texts."""
    return {
        str(name): str(value).strip()
        for name, value in fields.items()
        if isinstance(value, (str, int)) and str(value).strip()
    }
