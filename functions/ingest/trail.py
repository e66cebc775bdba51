"""Why an account was joined to or taken from a customer: in words, in both languages, with masked values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from functions.ingest.claims import Account, Claim
from functions.ingest.contact import masked_email, masked_phone
from functions.ingest.partition import IDENTIFYING, Decided, Pair
from schema.base import Localized
from schema.connections import MergeTrail
from schema.flow import stable_id
from schema.store import Put, Write

NAMES: dict[str, tuple[str, str]] = {
    "unionid": ("Same WeChat identity", "相同的微信统一身份"),
    "openid": ("Same WeChat account", "相同的微信账号"),
    "member": ("Same member code", "相同的会员号"),
    "email": ("Same e-mail address", "相同的邮箱"),
    "phone": ("Same phone number", "相同的手机号"),
    "anonymous": ("Same browser", "相同的浏览器"),
    "address": ("Same name and address", "相同的姓名和地址"),
}
"""By kind of evidence, as the console says it."""


def masked(claim: Claim) -> str:
    """A claim's value as everybody who sees customers may see it."""
    kind, value = claim
    if kind == "email":
        return masked_email(value) or "•••"
    if kind == "phone":
        return masked_phone(value) or "•••"
    return "" if kind == "address" else f"•••{value[-2:]}"


def evidence(
    account: Account, others: Sequence[Account], decisions: Mapping[Pair, Decided]
) -> tuple[list[Localized], list[str], str | None]:
    """What an account shares with the others: in words, as kinds, and who decided where somebody did."""
    words: list[Localized] = []
    kinds: list[str] = []
    by: str | None = None
    for other in others:
        decided = decisions.get(frozenset((account.id, other.id)))
        if decided and decided.join and by is None:
            by = decided.by
            kinds.append("decision")
            words.append(Localized(en="Joined by decision", zh="由人或平台决定合并"))
    for kind in IDENTIFYING:
        shared = sorted({value for other in others for value in account.values(kind) & other.values(kind)})
        if not shared:
            continue
        kinds.append(kind)
        platforms = sorted({one.platform for one in (account, *others) if one.values(kind) & set(shared)})
        for value in shared[:2]:
            shown, where = masked((kind, value)), ", ".join(platforms)
            en, zh = NAMES[kind]
            words.append(Localized(en=f"{en} {shown} ({where})", zh=f"{zh} {shown}（{where}）"))
    return words[:10], kinds[:10], by


def entries(
    root: str,
    account: Account,
    action: str,
    told: tuple[list[Localized], list[str], str | None],
    at: datetime,
    sample: bool,
) -> list[Write]:
    """The trail's document and the line of the timeline."""
    words, kinds, by = told
    identity = stable_id(root, account.id, action, at.isoformat())
    entry = MergeTrail.model_validate(
        {"at": at, "action": action, "account": account.id, "evidence": words, "kinds": kinds, "by": by}
    )
    path = f"customers/{root}/trail/{identity}"
    line = {
        "customerId": root,
        "kind": "merge",
        "channel": "console" if by else "storefront",
        "at": at,
        "title": account.platform,
        "amount": None,
        "currency": None,
        "ref": path,
        "session": None,
        "url": None,
        "properties": {"action": action},
        "sourceVersion": 0,
        "historic": False,
        "sample": sample,
    }
    return [Put(path, entry.to_doc()), Put(f"events/m-{identity}", line)]
