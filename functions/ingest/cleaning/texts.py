"""Rules over texts: broken encodings, HTML, what an e-mail carries beside its words."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5

from functions.ingest.cleaning.rule import Aside, Surroundings
from schema.documents import OrderLine
from schema.records import CartRecord, EventRecord, FeedbackRecord, OrderRecord, ProductRecord, Record

_SUSPECT = re.compile(
    r"[\u0080-\u009f\u00a0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122\ufffd]"
)
"""Letters that mojibake is made of; a text without them needs no look."""


@lru_cache(maxsize=10_000)
def repaired(text: str) -> str:
    """The text with broken encodings put right, and nothing else changed."""
    if not _SUSPECT.search(text):
        return text
    import ftfy

    # Only what was decoded wrongly: quotes, widths and ligatures are the writer's own.
    return ftfy.fix_text(
        text,
        ftfy.TextFixerConfig(
            unescape_html=False,
            uncurl_quotes=False,
            fix_latin_ligatures=False,
            fix_character_width=False,
            fix_line_breaks=False,
            remove_terminal_escapes=False,
            normalization=None,
        ),
    )


def encodings(record: Record, _: Surroundings) -> Record | Aside:
    """Text that was read in the wrong encoding somewhere on its way (`cafÃ©`, `ä¸å›½`)."""
    update: dict[str, object] = {}
    match record:
        case FeedbackRecord():
            update = _changed(record, repaired, "title", "text", "product_title")
        case ProductRecord():
            update = _changed(record, repaired, "title", "category")
        case EventRecord():
            update = _changed(record, repaired, "title")
        case OrderRecord() | CartRecord():
            lines = [_line(line) for line in record.lines]
            update = {"lines": lines} if lines != record.lines else {}
        case _:
            pass
    person = getattr(record, "person", None)
    if person is not None and (fields := _changed(person, repaired, "name", "address")):
        update["person"] = person.model_copy(update=fields)
    return record.model_copy(update=update) if update else record


def _line(line: OrderLine) -> OrderLine:
    fields = _changed(line, repaired, "title")
    return line.model_copy(update=fields) if fields else line


def _changed(shape: object, repair: object, *names: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in names:
        value = getattr(shape, name)
        if isinstance(value, str) and callable(repair) and (better := repair(value)) != value and better:
            found[name] = better[:10_000] if name == "text" else better[:200]
    return found


_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
_SILENT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\s*/?>", re.IGNORECASE)
_LEGACY = "|".join(sorted((name for name in html5 if not name.endswith(";")), key=len, reverse=True))
"""Entities that HTML reads without their semicolon too."""
_ENTITY = re.compile(
    rf"&(?:(?:#\d{{1,7}}|#x[0-9a-fA-F]{{1,6}}|[a-zA-Z][a-zA-Z0-9]{{1,31}});|(?:{_LEGACY})(?![a-zA-Z0-9=]))"
)


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """The text without HTML: tags go, line breaks stay, entities are what they mean."""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", _SILENT.sub("", text)))
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    return re.sub(r"\n{3,}", "\n\n", text.replace("\u00a0", " ")).strip()


def markup(record: Record, _: Surroundings) -> Record | Aside:
    """HTML tags and entities in texts."""
    names: tuple[str, ...] = ()
    match record:
        case FeedbackRecord():
            names = ("title", "text", "product_title")
        case ProductRecord():
            names = ("title", "category")
        case _:
            return record
    update = _changed(record, lambda value: plain(value) if _marked(value) else value, *names)
    return record.model_copy(update=update) if update else record


def _marked(text: str) -> bool:
    return bool(_TAG.search(text) or _ENTITY.search(text))


_QUOTE_HEAD = re.compile(
    r"^(?:on\s.{4,120}\swrote|.{0,100}(?:于|在).{4,60}(?:写道|写到)|"
    r"-{2,}\s*(?:original message|forwarded message|原始邮件|转发邮件|原邮件)\s*-{2,}|"
    r"_{10,})\s*[:：]?\s*$",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"^(?:sent from (?:my )?\S.{0,40}|get outlook for .{2,20}|发自我的.{1,20}|从我的.{1,20}发送|来自我的.{1,20})$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(?:(?:best|kind|warm|with kind)?\s*regards|best wishes|many thanks|cheers|sincerely|"
    r"yours (?:sincerely|truly|faithfully)|此致|敬礼|祝好|顺颂商祺)[,.!，。！]?$",
    re.IGNORECASE,
)
_SIGNED_LINES = 6
"""A closing line starts a signature only this close to the end."""


def words_only(text: str) -> str:
    """A message without the replies it quotes and without its signature; the whole of it where nothing would be
    left.
    """
    lines = text.splitlines()
    for index, line in enumerate(lines):
        stripped = line.strip()
        if line.rstrip() == "--" or line == "-- " or _QUOTE_HEAD.match(stripped):
            lines = lines[:index]
            break
    lines = [line for line in lines if not line.lstrip().startswith(">")]
    while lines and (not lines[-1].strip() or _SENT_FROM.match(lines[-1].strip())):
        lines.pop()
    for index in range(max(1, len(lines) - _SIGNED_LINES), len(lines)):
        if _CLOSING.match(lines[index].strip()):
            lines = lines[:index]
            break
    kept = "\n".join(lines).strip()
    return kept or text


def signatures(record: Record, _: Surroundings) -> Record | Aside:
    """Signatures and quoted replies of e-mails, which are nobody's words about the shop."""
    if not isinstance(record, FeedbackRecord):
        return record
    kept = words_only(record.text)
    if kept == "\n".join(record.text.splitlines()).strip():
        return record
    return record.model_copy(update={"text": kept})
