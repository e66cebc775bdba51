"""Arguments of the people actions, read strictly: what cannot be understood is refused in both languages."""

from __future__ import annotations

from functions.access.errors import Refused
from schema.store import Data, Doc

TAG_LENGTH = 60


def identity(args: Data, name: str) -> str:
    """A document id out of the arguments."""
    value = args.get(name)
    if not isinstance(value, str) or not value or "/" in value or len(value) > 200:
        raise Refused(name, name, f"{name} is missing.", f"缺少 {name}。")
    return value


def tags(args: Data, name: str) -> list[str]:
    """A list of tags, trimmed, without doubles; absent is empty."""
    given = args.get(name, [])
    if not isinstance(given, list) or len(given) > 20 or any(not isinstance(tag, str) for tag in given):
        raise Refused(name, name, "Give at most 20 tags as a list of texts.", "请以文本列表给出标签，最多 20 个。")
    return sorted({tag.strip()[:TAG_LENGTH] for tag in given if tag.strip()})


def existing(held: Doc | None) -> Doc:
    """The customer that an action is about."""
    if held is None:
        raise Refused("not_found", "customerId", "There is no such customer any more.", "该客户已不存在。", "not-found")
    return held
