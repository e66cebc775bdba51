"""Edits that members make in the console: each one guarded commit of data and audit, by the true actor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from functions.access.audit import Actor, entry
from functions.access.errors import Refused
from functions.imports.values import read_country, read_language
from functions.ingest import profile
from functions.ingest.claims import claim_path, claim_writes, looked_up
from functions.ingest.contact import normal_email, normal_phone
from functions.ingest.customer import Part, customer_paths, members, need, part, shown, source_paths
from functions.ingest.explore import true_claims
from functions.ingest.identity import record_id
from functions.ingest.reading import roots
from schema.base import CHANNELS
from schema.flow import World
from schema.money import CURRENCIES
from schema.records import CustomersChanged, Job
from schema.store import Create, Data, Merge, Put, Query, ReadSet, Update, Write, get, settle

EDITABLE = ("name", "email", "phone", "country", "language", "tags", "note")


def edit_customer(world: World, actor: Actor, args: Data) -> Data:
    """Edit a customer's manual fields; they win over every source. An empty text takes the manual value back.

    Returns:
        changed: the names of the fields that changed.
    """
    given_id = _identity(args, "customerId")
    now = world.clock()
    known = get(world.store, f"customers/{given_id}")
    country = known.data.get("country") if known else None
    given = {name: _manual_value(name, args[name], country) for name in EDITABLE if name in args}
    changed: list[str] = []
    root: list[str] = []

    def plan(docs: ReadSet) -> list[Write]:
        if docs[f"customers/{given_id}"] is None:
            raise Refused(
                "not_found", "customerId", "There is no such customer any more.", "该客户已不存在。", "not-found"
            )
        accounts = members(docs, given_id)
        root[:] = accounts[:1]
        customer = root[0]
        base_path = f"customers/{customer}"
        contact_path = f"{base_path}/pii/contact"
        need(docs, [path for one in accounts for path in source_paths(one)] + [contact_path])
        base, contact = docs[base_path], docs[contact_path]
        assert base is not None
        held = [docs[source_paths(one)[1]] for one in accounts]
        before = _folded_manual([one.data for one in held if one])
        changed[:] = [name for name in given if before[name] != given[name]]
        if not changed:
            return []
        after = [_edited(one.data if one else None, given, first=not index) for index, one in enumerate(held)]
        parts: list[Part] = []
        writes: list[Write] = []
        for one, was, new in zip(accounts, held, after, strict=True):
            source, manual_path = docs[source_paths(one)[0]], source_paths(one)[1]
            if new is not None and (was is None or was.data != new):
                new = {**new, "updatedBy": actor.uid}
                writes.append(Update(manual_path, new, was.update_time) if was else Create(manual_path, new))
            said, typed = (source.data if source else None), (was.data if was else None)
            writes.extend(claim_writes(world.identity_key, one, looked_up(said, typed), looked_up(said, new)))
            parts.append(part(one, docs[f"customers/{one}"] if one == customer else None, source, new))
        folded = profile.fold_accounts([(one.source, one.manual) for one in parts])
        reached = profile.contact(folded)
        writes += [
            Update(base_path, {**shown(parts, base.data, now), "updatedAt": now}, base.update_time),
            Update(contact_path, reached, contact.update_time) if contact else Create(contact_path, reached),
        ]
        audit = entry(
            actor,
            now,
            "customer.edit",
            base_path,
            {name: before[name] for name in changed},
            {name: given[name] for name in changed},
        )
        writes.append(audit)
        event = audit.path.split("/")[1]
        writes.append(
            Put(
                f"events/p-{event}",
                {
                    "customerId": customer,
                    "kind": "profile",
                    "channel": "console",
                    "at": now,
                    "title": ", ".join(changed),
                    "amount": None,
                    "currency": None,
                    "ref": audit.path,
                    "session": None,
                    "url": None,
                    "properties": {},
                    "sourceVersion": 0,
                    "historic": False,
                    "sample": base.data["sample"],
                },
            )
        )
        return writes

    settle(world.store, customer_paths(given_id), plan)
    if changed:
        world.bus.publish("customers-changed", CustomersChanged(ids=root, fields=changed))
    return {"changed": changed}


def _folded_manual(held: Sequence[Data]) -> Data:
    """What members typed, over all accounts of a customer (the root's first)."""
    folded = {name: next((one[name] for one in held if one.get(name) is not None), None) for name in EDITABLE}
    return folded | {"tags": sorted({tag for one in held for tag in one.get("tags") or []})}


def _edited(held: Data | None, given: Data, first: bool) -> Data | None:
    """An account's manual fields after an edit: the root takes it, from the others goes what was taken back."""
    blank: Data = {**dict.fromkeys(("name", "email", "phone", "country", "language", "note")), "tags": []}
    if first:
        return {**blank, **(held or {}), **given}
    if held is None:
        return None
    kept = {**held, **{name: None for name, value in given.items() if value is None}}
    if "tags" in given:
        kept["tags"] = [tag for tag in held.get("tags") or [] if tag in given["tags"]]
    return kept


def _manual_value(name: str, value: Any, country: str | None) -> Any:
    if name == "tags":
        if not isinstance(value, list) or len(value) > 50:
            raise Refused("tags", "tags", "Tags are a list of at most 50.", "标签最多 50 个。")
        return sorted({str(tag).strip()[:60] for tag in value if str(tag).strip()})
    text = str(value or "").strip()
    if not text:
        return None
    if name == "email":
        if (email := normal_email(text)) is None:
            raise Refused(
                "email",
                "email",
                "This is not an e-mail address: write it like mia@example.com.",
                "邮箱格式不正确，例如 mia@example.com。",
            )
        return email
    if name == "phone":
        if (phone := normal_phone(text, country)) is None:
            raise Refused(
                "phone",
                "phone",
                "This is not a phone number: begin with the country code, like +44 …",
                "手机号不正确：请以国家代码开头，例如 +86 …",
            )
        return phone
    if name == "country":
        if (code := read_country(text)) is None:
            raise Refused(
                "country",
                "country",
                "Give the country as two letters, such as GB or CN.",
                "请用两个字母的国家代码，例如 CN。",
            )
        return code
    if name == "language":
        if (language := read_language(text)) is None:
            raise Refused(
                "language", "language", "Give the language as a code, such as en or zh.", "请用语言代码，例如 zh。"
            )
        return language
    return text[: 2000 if name == "note" else 200]


def look_up(world: World, args: Data) -> Data:
    """The customer behind an exact e-mail address, phone number or order number, or null."""
    if args.get("email"):
        value, kind = normal_email(str(args["email"])), "email"
    elif args.get("phone"):
        value, kind = normal_phone(str(args["phone"]), None), "phone"
    elif args.get("order"):
        order = str(args["order"]).strip().lstrip("#")
        docs = world.store.get_many([f"orders/{record_id(one, 'order', order)}" for one in _connections(world)])
        owners = sorted({doc.data["customerId"] for doc in docs.values() if doc and doc.data["customerId"]})
        return {"customerId": _first_root(world, owners)}
    else:
        raise Refused(
            "email",
            "email",
            "Give an e-mail address, a phone number or an order number.",
            "请输入邮箱、手机号或订单号。",
        )
    if value is None:
        return {"customerId": None}
    identity = get(world.store, claim_path(world.identity_key, (kind, value)))
    named = true_claims(identity)
    docs = world.store.get_many(path for one in named for path in source_paths(one))
    held = {one: [doc.data if (doc := docs[path]) else None for path in source_paths(one)] for one in named}
    # What a member typed takes the place of what the account says.
    living = [one for one in named if str(profile.fold(*held[one])[kind] or "").lower() == value.lower()]
    return {"customerId": _first_root(world, living)}


def _connections(world: World) -> list[str]:
    """Every origin that an order may have come from."""
    connections = [doc.id for doc in world.store.query(Query("connections", select=("platform",)))]
    keys = [doc.data["connectionId"] for doc in world.store.query(Query("writeKeys", select=("connectionId",)))]
    return list(dict.fromkeys(("csv", "sample", *connections, *keys)))


def _first_root(world: World, accounts: Sequence[str]) -> str | None:
    """The customer that the accounts belong to; of several the one whose account comes first."""
    found = roots(world.store, accounts)
    return next((found[one] for one in accounts if one in found), None)


def rename_segment(world: World, actor: Actor, args: Data) -> Data:
    """Give a segment a name of one's own; empty texts bring the computed name back."""
    segment = _identity(args, "segmentId")
    path = f"segments/{segment}"
    en, zh = (str(args.get(language) or "").strip()[:80] for language in ("en", "zh"))
    now = world.clock()

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None:
            raise Refused(
                "not_found", "segmentId", "There is no such segment any more.", "该分群已不存在。", "not-found"
            )
        pointer = docs["config/segmentation"]
        active = docs[f"segmentations/{pointer.data['active'] if pointer else 0}"]
        # A segmentation keeps the computed names; the segment has the one in force.
        sizes = active.data["sizes"] if active else []
        computed = next((one["name"] for one in sizes if one["segmentId"] == segment), held.data["name"])
        name = {"en": en or zh or computed["en"], "zh": zh or en or computed["zh"]}
        if name == held.data["name"]:
            return []
        fields = {
            "name": name,
            "renamedBy": actor.uid if en or zh else None,
            "updatedAt": now,
        }
        return [
            Update(path, fields, held.update_time),
            entry(actor, now, "segment.rename", path, {"name": held.data["name"]["en"]}, {"name": name["en"]}),
        ]

    settle(world.store, [path], plan)
    return {}


def edit_shop(world: World, actor: Actor, args: Data) -> Data:
    """Name, reporting currency, time zone and rates of the shop."""
    now = world.clock()
    fields: Data = {}
    if "name" in args:
        fields["name"] = str(args["name"]).strip()[:200]
        if not fields["name"]:
            raise Refused("name", "name", "The shop needs a name.", "商店需要名称。")
    if "currency" in args:
        if args["currency"] not in CURRENCIES:
            raise Refused(
                "currency", "currency", "Choose a currency by its code, such as USD or CNY.", "请选择货币代码。"
            )
        fields["currency"] = args["currency"]
    if "zone" in args:
        if args["zone"] not in available_timezones():
            raise Refused(
                "zone", "zone", "Choose a time zone such as Asia/Shanghai.", "请选择时区，例如 Asia/Shanghai。"
            )
        fields["zone"] = args["zone"]
    if "rates" in args:
        rates = args["rates"]
        good = isinstance(rates, dict) and all(
            code in CURRENCIES and isinstance(rate, int | float) and not isinstance(rate, bool) and 0 < rate < 1e9
            for code, rate in rates.items()
        )
        if not good:
            raise Refused(
                "rates", "rates", "Rates are positive numbers by currency code.", "汇率必须是按货币代码给出的正数。"
            )
        fields["rates"] = rates

    def plan(docs: ReadSet) -> list[Write]:
        held = docs["settings/shop"]
        before = held.data if held else {}
        changed = {name: value for name, value in fields.items() if before.get(name) != value}
        if not changed:
            return []
        if (
            "currency" in changed
            and before.get("currency")
            and next(iter(world.store.query(Query("orders", limit=1, select=("day",)))), None)
        ):
            raise Refused(
                "currency_fixed",
                "currency",
                "Orders are counted in the present currency already: remove the data or start over to change it.",
                "订单已按当前货币统计：请清除数据或重新开始后再更改。",
                "failed-precondition",
            )
        write: Write = (
            Update("settings/shop", {**changed, "updatedAt": now}, held.update_time)
            if held
            else Put("settings/shop", {**changed, "updatedAt": now})
        )
        return [
            write,
            entry(actor, now, "shop.edit", "settings/shop", {name: before.get(name) for name in changed}, changed),
        ]

    settle(world.store, ["settings/shop"], plan)
    if "rates" in fields:
        # Orders that had no rate are counted now; published also when nothing changed, for a second try.
        world.bus.publish("jobs", Job(kind="reprice", id="shop"))
    return {}


def onboarding_done(world: World, args: Data) -> Data:
    """Tick a step of the first-run checklist."""
    step = args.get("step")
    if not isinstance(step, str) or not step.isidentifier() or len(step) > 40:
        raise Refused("step", "step", "step must be a short name.", "step 必须是简短名称。")
    world.store.commit([Merge("settings/shop", {"onboarding": {step: True}})])
    return {}


def attest(world: World, actor: Actor, args: Data) -> Data:
    """Sign where the consent of the people in a file came from; it then counts wherever they said nothing
    themselves.
    """
    import_id = _identity(args, "importId")
    path = f"imports/{import_id}"
    channels = args.get("channels")
    source = str(args.get("source") or "").strip()
    now = world.clock()
    if not isinstance(channels, list) or not channels or any(channel not in CHANNELS for channel in channels):
        raise Refused("channels", "channels", "Choose at least one channel.", "请至少选择一个渠道。")
    if len(source) < 10:
        raise Refused(
            "source",
            "source",
            "Say in at least 10 characters where and when they agreed.",
            "请用至少 10 个字符说明客户在何时何地同意。",
        )

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None:
            raise Refused("not_found", "importId", "There is no such import.", "没有这个导入。", "not-found")
        if held.data["status"] != "done":
            raise Refused(
                "not_done",
                "importId",
                "Wait until the import is done, then sign.",
                "请等导入完成后再签署。",
                "failed-precondition",
            )
        signed = {
            "by": actor.uid,
            "byName": actor.name,
            "at": now,
            "channels": sorted(set(channels)),
            "source": source[:500],
        }
        fields = {"attestation": signed, "attesting": True, "attestedChunks": 0, "updatedAt": now}
        return [
            Update(path, fields, held.update_time),
            entry(actor, now, "import.attest", path, {}, {"channels": signed["channels"], "source": signed["source"]}),
        ]

    settle(world.store, [path], plan)
    world.bus.publish("jobs", Job(kind="attest", id=import_id))
    return {}


def _identity(args: Data, name: str) -> str:
    value = args.get(name)
    if not isinstance(value, str) or not value or "/" in value or len(value) > 200:
        raise Refused(name, name, f"{name} is missing.", f"缺少 {name}。")
    return value
