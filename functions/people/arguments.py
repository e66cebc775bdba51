"""Arguments of the people actions, read strictly: what cannot be understood is refused in both languages."""

from __future__ import annotations

from functions.access.errors import Refused
from schema.store import Data, Doc

TAG_LENGTH = 60
MOST_AT_ONCE = 500
"""Customers named in one call."""


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


def chosen_ids(args: Data) -> list[str]:
    """The customers that were chosen one by one."""
    ids = args["customerIds"]
    if not isinstance(ids, list) or not all(isinstance(one, str) and one and "/" not in one for one in ids):
        raise Refused("customerIds", "customerIds", "customerIds is a list of ids.", "customerIds 应为 id 列表。")
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        raise Refused(
            "customerIds",
            "customerIds",
            f"Choose 1 to {MOST_AT_ONCE} customers.",
            f"请选择 1 到 {MOST_AT_ONCE} 位客户。",
        )
    return list(dict.fromkeys(ids))


def existing(held: Doc | None) -> Doc:
    """The customer that an action is about."""
    if held is None:
        raise Refused("not_found", "customerId", "There is no such customer any more.", "该客户已不存在。", "not-found")
    return held
