"""The survey's pages as HTML: one file, no script, nothing from elsewhere; works in any browser and with a keyboard."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from functions.api.http import Response

LONGEST = 10_000
"""Characters of an answer in words."""
_STYLE = """
:root{color-scheme:light dark;--ink:#111827;--soft:#4b5563;--line:#9ca3af;--paper:#fff;--blue:#1d4ed8}
@media (prefers-color-scheme:dark){:root{--ink:#f3f4f6;--soft:#d1d5db;--line:#6b7280;--paper:#111827;--blue:#93c5fd}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:1.125rem/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 1.5rem}
fieldset{border:0;margin:0;padding:0}
.choices{display:flex;flex-wrap:wrap;gap:.5rem}
button{font:inherit;color:inherit;background:var(--paper);border:2px solid var(--line);border-radius:.75rem;
min-width:3rem;min-height:3rem;padding:.5rem .75rem;cursor:pointer}
.choices button{font-size:1.5rem;line-height:1.2}
button:hover{border-color:var(--blue)}
button:focus-visible,a:focus-visible,textarea:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
button[aria-pressed=true]{border-color:var(--blue);border-width:3px}
.ends{display:flex;justify-content:space-between;color:var(--soft);font-size:.9rem;margin-top:.5rem}
textarea{font:inherit;color:inherit;background:var(--paper);width:100%;min-height:8rem;border:2px solid var(--line);
border-radius:.75rem;padding:.75rem;display:block;margin:.5rem 0 1rem}
nav{margin-top:2.5rem;font-size:.95rem}
a{color:var(--blue)}
.bad{color:#b91c1c}@media (prefers-color-scheme:dark){.bad{color:#fca5a5}}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
    "vary": "Accept-Language",
}

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "choose": "Choose one",
        "other": "中文",
        "words": "Would you like to tell us more? (optional)",
        "send": "Send",
        "saved": "Your answer is saved. You may change it with the same link.",
        "low": "Not likely",
        "high": "Very likely",
        "long": "That is too long: at most 10,000 characters.",
        "none": "Please choose one of the answers.",
        "missing": "This survey does not exist.",
        "closed": "This survey is closed. Thank you for your interest.",
        "expired": "This link has expired. Thank you for your interest.",
        "invalid": "This link is not complete. Please open it again from the message you received.",
        "slow": "Too many answers at once. Please wait a moment and try again.",
        "broken": "Something went wrong on our side and your answer was not saved. Please try again.",
        "method": "This page cannot do that.",
    },
    "zh": {
        "choose": "请选择一项",
        "other": "English",
        "words": "愿意多说几句吗？（选填）",
        "send": "提交",
        "saved": "您的回答已保存。可通过同一链接修改。",
        "low": "不太可能",
        "high": "非常可能",
        "long": "内容过长：最多 10,000 个字符。",
        "none": "请选择一个答案。",
        "missing": "没有这项调查。",
        "closed": "本次调查已结束，感谢您的关注。",
        "expired": "此链接已过期，感谢您的关注。",
        "invalid": "此链接不完整，请从您收到的消息中重新打开。",
        "slow": "提交过于频繁，请稍候再试。",
        "broken": "我们这边出了问题，您的回答未能保存，请重试。",
        "method": "此页面不支持该操作。",
    },
}
_FACES = "😞🙁😐🙂😄"
_FACE_NAMES = {
    "en": ("Very unhappy", "Unhappy", "Neither", "Happy", "Very happy"),
    "zh": ("非常不满意", "不满意", "一般", "满意", "非常满意"),
}


def language_of(query: Mapping[str, str], accepted: str) -> str:
    """`en` or `zh`: what the page's own switch says, else what the browser prefers."""
    if query.get("lang") in _WORDS:
        return query["lang"]
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        language = tag.lower().partition("-")[0]
        try:
            ranked.append((-float(weight or 1), place, language))
        except ValueError:
            continue
    return next((name for weight, _, name in sorted(ranked) if name in _WORDS and weight < 0), "en")


def choices(kind: str, language: str) -> list[tuple[int, str, str]]:
    """(value, what is shown, what a screen reader says) of a survey's answers."""
    if kind == "nps":
        return [(value, str(value), str(value)) for value in range(11)]
    if kind == "stars":
        names = ("{} star", "{} stars") if language == "en" else ("{} 星", "{} 星")
        return [(value, "★" * value, names[value > 1].format(value)) for value in range(1, 6)]
    return [(value, _FACES[value - 1], _FACE_NAMES[language][value - 1]) for value in range(1, 6)]


def question_page(survey: Mapping[str, Any], language: str, query: Mapping[str, str], nonce: str, chosen: int | None,
                  problem: str | None = None) -> Response:  # fmt: skip
    """The one question, an answer a button."""
    said = _WORDS[language]
    buttons = "".join(
        f'<button name="rating" value="{value}" aria-label="{escape(label)}" title="{escape(label)}"'
        f"{' aria-pressed=' + chr(34) + 'true' + chr(34) if value == chosen else ''}>{shown}</button>"
        for value, shown, label in choices(survey["kind"], language)
    )
    ends = (
        f'<p class="ends"><span>{said["low"]}</span><span>{said["high"]}</span></p>' if survey["kind"] == "nps" else ""
    )
    wrong = f'<p class="bad" role="alert">{said[problem]}</p>' if problem else ""
    body = (
        f"<h1>{escape(survey['question'][language])}</h1>{wrong}"
        f'<form method="post">{_hidden("n", nonce)}'
        f'<fieldset><legend>{said["choose"]}</legend><div class="choices">{buttons}</div>{ends}</fieldset></form>'
    )
    return _page(400 if problem else 200, body, language, query)


def thanks_page(
    survey: Mapping[str, Any],
    language: str,
    query: Mapping[str, str],
    nonce: str,
    rating: int,
    ask: bool,
    text: str = "",
    problem: str | None = None,
) -> Response:
    """What is shown after a tap; with `ask` the question for words below it."""
    said = _WORDS[language]
    body = f'<h1 role="status">{escape(survey["thanks"][language])}</h1><p>{said["saved"]}</p>'
    if ask:
        wrong = f'<p class="bad" role="alert">{said[problem]}</p>' if problem else ""
        body += (
            f'{wrong}<form method="post">{_hidden("n", nonce)}{_hidden("rating", str(rating))}'
            f'<label for="text">{said["words"]}</label>'
            f'<textarea id="text" name="text" maxlength="{LONGEST}">{escape(text)}</textarea>'
            f"<button>{said['send']}</button></form>"
        )
    return _page(400 if problem else 200, body, language, query)


def notice(status: int, what: str, language: str, query: Mapping[str, str], wait: int = 0) -> Response:
    """A page that only says why there is no question."""
    answer = _page(status, f"<h1>{_WORDS[language][what]}</h1>", language, query)
    return answer._replace(headers={**answer.headers, "retry-after": str(wait)}) if wait else answer


def _page(status: int, body: str, language: str, query: Mapping[str, str]) -> Response:
    other = "zh" if language == "en" else "en"
    kept = {name: query[name] for name in ("t",) if name in query}
    switch = escape(urlencode({**kept, "lang": other}))
    tag = {"en": "en", "zh": "zh-Hans"}
    html = (
        f'<!doctype html><html lang="{tag[language]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{_title(body)}</title>'
        f"<style>{_STYLE}</style></head><body><main>{body}"
        f'<nav><a href="?{switch}" lang="{tag[other]}" hreflang="{tag[other]}">{_WORDS[language]["other"]}</a></nav>'
        "</main></body></html>"
    )
    return Response(status, dict(HEADERS), html.encode())


def _title(body: str) -> str:
    return body.partition(">")[2].partition("</h1>")[0]


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'
