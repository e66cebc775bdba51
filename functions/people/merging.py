"""What people decide about who is one person: merge, un-merge, and that two customers only look alike.

A decision is a document about two accounts (`functions.ingest.links`), written with its audit entry; the customers
follow from it as they do from everything else, by `resolve`. So a decision holds whatever comes in later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from functions.access.audit import Actor, entry
from functions.access.calls import EDITOR, Actions
from functions.access.errors import Refused
from functions.ingest.claims import storefront_path
from functions.ingest.customer import need, source_paths
from functions.ingest.explore import true_claims
from functions.ingest.links import decide, link_path, once
from functions.ingest.partition import ACCOUNTS
from functions.ingest.reading import roots
from functions.ingest.resolve import resolve
from functions.ingest.suggest import suggestion_path
from schema.connections import MergeDecision
from schema.flow import World
from schema.store import Conflict, Data, Doc, Merge, Put, ReadSet, Update, Write, settle


def merge(world: World, actor: Actor, args: Data) -> Data:
    """Two customers are one person: their accounts are joined, whatever else is known of them.

    Returns:
        customerId: the customer that they are now.
    """
    one, other = _identity(args, "customerId"), _identity(args, "otherId")
    reason = str(args.get("reason") or "").strip()[:200] or None
    now = world.clock()

    def plan(docs: ReadSet) -> list[Write]:
        first, second = _accounts(docs, one, "customerId"), _accounts(docs, other, "otherId")
        if first[0] == second[0]:
            return []
        _may_merge(docs, first, second)
        decision = MergeDecision(decision="join", by=actor.uid, at=now, reason=reason)
        # What was put apart between the two is taken back; else it would go on holding.
        pairs = {(first[0], second[0]), *_decided(docs, world, first, second, "apart")}
        return [*_write(docs, world, pairs, decision), _audit(actor, now, "people.merge", first[0], None, second[0])]

    settle(world.store, _bases(one, other), plan)
    resolve(world, (one, other))
    root = roots(world.store, (one, other))
    if root.get(one) != root.get(other):
        raise Refused(
            "not_joined",
            "otherId",
            "Some of their accounts were put apart before, or there are too many: they could not be merged.",
            "其中部分账号曾被拆分，或账号数量过多，无法合并。",
            "failed-precondition",
        )
    return {"customerId": root[one]}


def unmerge(world: World, actor: Actor, args: Data) -> Data:
    """An account is another person: it leaves its customer with all that is its own, and does not come back by itself.

    Returns:
        customerId: the customer that the account is now.
    """
    customer, account = _identity(args, "customerId"), _identity(args, "accountId")
    now = world.clock()

    def plan(docs: ReadSet) -> list[Write]:
        members = _accounts(docs, customer, "customerId")
        if account not in members:
            raise Refused(
                "not_merged",
                "accountId",
                "This account does not belong to the customer (any more).",
                "该账号不（再）属于此客户。",
                "failed-precondition",
            )
        others = [one for one in members if one != account]
        if not others:
            raise Refused(
                "only_account",
                "accountId",
                "This is the customer's only account: there is nothing to part it from.",
                "这是该客户唯一的账号，无可拆分。",
                "failed-precondition",
            )
        decision = MergeDecision(decision="apart", by=actor.uid, at=now)
        pairs = {(account, one) for one in others}
        return [*_write(docs, world, pairs, decision), _audit(actor, now, "people.unmerge", members[0], account, None)]

    settle(world.store, _bases(customer, account), plan)
    resolve(world, (customer, account))
    return {"customerId": roots(world.store, (account,))[account]}


def dismiss(world: World, actor: Actor, args: Data) -> Data:
    """Two customers that look alike: not to be suggested again. Better evidence may still join them."""
    one, other = _identity(args, "customerId"), _identity(args, "otherId")
    now = world.clock()

    def plan(docs: ReadSet) -> list[Write]:
        first, second = _accounts(docs, one, "customerId")[0], _accounts(docs, other, "otherId")[0]
        held = [docs[suggestion_path(*pair)] for pair in ((first, second), (second, first))]
        if not any(held):
            raise Refused("not_found", "otherId", "There is no such suggestion.", "没有这个建议。", "not-found")
        writes: list[Write] = [
            Update(doc.path, {"dismissed": True}, doc.update_time) for doc in held if doc and not doc.data["dismissed"]
        ]
        return [*writes, _audit(actor, now, "people.dismiss", first, None, second)] if writes else []

    settle(world.store, _bases(one, other), plan)
    return {}


def _bases(*accounts: str) -> list[str]:
    return [f"customers/{one}" for one in dict.fromkeys(accounts)]


def _accounts(docs: ReadSet, identity: str, name: str) -> list[str]:
    """All accounts of the customer that an account belongs to, the root first."""
    base = docs[f"customers/{identity}"]
    if base is not None and base.data["mergedInto"]:
        base = docs[f"customers/{base.data['mergedInto']}"]
        if base is None or identity not in base.data["aliases"]:
            raise Conflict(f"{identity} moved")
    if base is None:
        raise Refused("not_found", name, "There is no such customer any more.", "该客户已不存在。", "not-found")
    return [base.id, *base.data["aliases"]]


def _may_merge(docs: ReadSet, first: Sequence[str], second: Sequence[str]) -> None:
    one, other = docs[f"customers/{first[0]}"], docs[f"customers/{second[0]}"]
    sources = [docs[source_paths(account)[0]] for account in (first[0], second[0])]
    if any(doc and doc.data.get("relay") for doc in sources):
        raise Refused(
            "relay",
            "otherId",
            "This platform allows no identification of its buyers: they cannot be merged.",
            "该平台不允许识别买家身份，无法合并。",
            "failed-precondition",
        )
    if one and other and one.data["sample"] != other.data["sample"]:
        raise Refused(
            "sample",
            "otherId",
            "A customer of the sample shop and a real one cannot be merged.",
            "示例商店的客户与真实客户不能合并。",
            "failed-precondition",
        )
    if len(first) + len(second) > ACCOUNTS:
        raise Refused(
            "too_many",
            "otherId",
            f"Together they would have more than {ACCOUNTS} accounts.",
            f"合并后账号将超过 {ACCOUNTS} 个。",
            "failed-precondition",
        )


def _decided(
    docs: ReadSet, world: World, first: Iterable[str], second: Iterable[str], decision: str
) -> set[tuple[str, str]]:
    """Pairs across two customers about which this was decided."""
    paths = {one: storefront_path(world.identity_key, one) for one in first}
    # All at once: a plan may ask only a few times, and there may be an account for each.
    need(docs, list(paths.values()))
    others = set(second)
    pairs = {(one, other) for one, path in paths.items() for other in others.intersection(true_claims(docs[path]))}
    need(docs, [link_path(*pair) for pair in sorted(pairs)])
    held: dict[tuple[str, str], Doc | None] = {pair: docs[link_path(*pair)] for pair in pairs}
    return {pair for pair, doc in held.items() if doc is not None and doc.data["decision"] == decision}


def _write(docs: ReadSet, world: World, pairs: Iterable[tuple[str, str]], decision: MergeDecision) -> list[Write]:
    """The decisions about all the pairs; marks and look-up documents that several of them need, once."""
    writes: list[Write] = []
    ordered = sorted(pairs)
    need(docs, [link_path(*pair) for pair in ordered])
    for one, other in ordered:
        held = docs[link_path(one, other)]
        if held is not None and held.data["at"] >= decision.at:
            # A platform's clock may be ahead: who decides now decides after it.
            decision = decision.model_copy(update={"at": held.data["at"] + timedelta(milliseconds=1)})
        writes += decide(docs, world.identity_key, one, other, decision, world.clock())
    return _together(once(writes))


def _together(writes: Iterable[Write]) -> list[Write]:
    """One merge for each look-up document: many pairs of 30 accounts must fit one batch."""
    claims: dict[str, Data] = {}
    kept: list[Write] = []
    for write in writes:
        if not isinstance(write, Merge) or "claims" not in write.data:
            kept.append(write)
        elif write.path in claims:
            claims[write.path].update(write.data["claims"])
        else:
            claims[write.path] = dict(write.data["claims"])
            kept.append(Merge(write.path, {**write.data, "claims": claims[write.path]}))
    return kept


def _audit(actor: Actor, now: datetime, action: str, root: str, gone: str | None, joined: str | None) -> Write:
    """Who decided what about which accounts; ids only."""
    before, after = ({"account": gone} if gone else {}), ({"account": joined} if joined else {})
    held = entry(actor, now, action, f"customers/{root}", before, after)
    # The same decision told twice in one moment is one decision.
    return Put(held.path, held.data)


def _identity(args: Data, name: str) -> str:
    value = args.get(name)
    if not isinstance(value, str) or not value or "/" in value or len(value) > 200:
        raise Refused(name, name, f"{name} is missing.", f"缺少 {name}。")
    return value


ACTIONS: Actions = {
    "people.merge": (EDITOR, lambda call: merge(call.world, call.actor, call.args)),
    "people.unmerge": (EDITOR, lambda call: unmerge(call.world, call.actor, call.args)),
    "people.dismiss": (EDITOR, lambda call: dismiss(call.world, call.actor, call.args)),
}
