"""One customer while a plan runs: profile, statistics, and the writes that keep them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from functions.ingest import profile, statistics
from functions.ingest.identity import identity_id
from functions.ingest.setting import Outcome, Setting
from schema.lifecycle import stage
from schema.store import Create, Doc, Merge, Put, Query, ReadSet, Update, Write, copied
from schema.tagging import tags_of

Data = dict[str, Any]
LISTED_ROWS = 20
"""Rows of one customer in one customer list that are recognised when the list is imported again."""


def customer_paths(customer: str) -> list[str]:
    """What decides a customer's profile: three reads."""
    base = f"customers/{customer}"
    return [base, f"{base}/sources/account", f"{base}/sources/manual"]


class CustomerState:
    """One customer while a plan runs: profile, statistics and what has to be written."""

    def __init__(
        self,
        identity: str,
        account: str | None,
        base: Doc | None,
        source: Doc | None,
        manual: Doc | None,
        docs: ReadSet,
        setting: Setting,
        outcome: Outcome,
    ) -> None:
        self.identity = identity
        self.base = base
        self.docs = docs
        self.setting = setting
        self.outcome = outcome
        self.source_doc = source
        self.manual = manual.data if manual else None
        self.account = account or (source.data["externalId"] if source else "")
        self.source: Data = (
            copied(source.data) if source else profile.empty_source(setting.origin.connection_id, self.account)
        )
        held: Data = base.data if base else {}
        self.stats: Data = copied(held["stats"]) if base else statistics.empty_stats()
        self.created_at: datetime | None = held.get("createdAt")
        self.created_version: int | None = held.get("createdVersion")
        self.created_by: str | None = held.get("createdBy")
        self.replaced: dict[str, Data | None] = {}
        self.history_moved = False

    @property
    def is_new(self) -> bool:
        return self.base is None

    def known_since(self, at: datetime, version: int, by: str) -> None:
        self.created_at = at if self.created_at is None else min(self.created_at, at)
        if self.created_version is None or (version, by) < (self.created_version, self.created_by or ""):
            self.created_version, self.created_by = version, by

    def lists(self, row: str, version: int) -> bool:
        """Note a row of a customer list; False when the list before said the same and there is nothing to take."""
        listed = self.source["listed"] or {"version": version, "rows": []}
        if version > listed["version"]:
            if row in listed["rows"]:
                return False
            listed = {"version": version, "rows": []}
        if version == listed["version"]:
            self.source["listed"] = {"version": version, "rows": sorted({*listed["rows"], row})[:LISTED_ROWS]}
        return True

    def saw(self, at: datetime) -> None:
        statistics.see(self.stats, at)

    def count_events(self, difference: int) -> None:
        self.stats["events"] += difference

    def count_words(self, old: Data | None, new: Data | None) -> None:
        statistics.apply_words(self.stats, old, new)

    def replace_order(self, path: str, old: Data | None, new: Data | None) -> None:
        if statistics.moves_history(old, new):
            self.history_moved = True
        statistics.apply_order(self.stats, old, new)
        self.replaced[path] = new

    def writes(self) -> list[Write]:
        if self.history_moved:
            statistics.recount_moments(self.stats, self._moments())
        base_path = f"customers/{self.identity}"
        folded = profile.fold(self.source, self.manual)
        data: Data = {
            **profile.project_customer(folded, self.account, self.setting.now.date()),
            "stats": self.stats,
            "createdAt": self.created_at,
            "createdVersion": self.created_version,
            "createdBy": self.created_by,
        }
        if self.base is None:
            data = {**_new_customer(self.setting), **data}
        if self.base is None or self.base.data["stats"] != self.stats:
            data["lifecycleStage"] = stage(self.stats, self.setting.now)
        # Rules over time are asked anew when the customer changes; what time alone changes is the nightly job's.
        judged = ("stats", "consent", "profiling")
        moved = self.base is None or any(self.base.data.get(name) != data[name] for name in judged)
        auto = tags_of({**(self.base.data if self.base else {}), **data}, self.setting.now) if moved else None
        kept = self.base.data["tags"].get("auto") if self.base else []
        tags = {
            "manual": folded["manualTags"],
            "source": folded["sourceTags"],
            "auto": kept if auto is None else auto,
        }
        if self.base is None or self.base.data["tags"] != tags:
            data["tags"] = tags
        changed = self.base is None or any(self.base.data.get(name) != value for name, value in data.items())
        writes: list[Write] = []
        source_path = f"{base_path}/sources/account"
        source_changed = self.source_doc is None or self.source_doc.data != self.source
        if source_changed:
            if self.source_doc:
                writes.append(Update(source_path, self.source, self.source_doc.update_time))
            else:
                writes.append(Create(source_path, self.source))
            was = profile.fold(self.source_doc.data if self.source_doc else None, self.manual)
            writes.extend(self._contact_writes(base_path, was, folded))
        if changed or source_changed or self.replaced:
            # The customer is written whenever anything of it is, also when an order changed and no figure did: its
            # precondition is what makes the group atomic, and what guards the history that another plan has read.
            if self.base:
                fields = {name: value for name, value in data.items() if self.base.data.get(name) != value}
                writes.append(Update(base_path, {**fields, "updatedAt": self.setting.now}, self.base.update_time))
            else:
                writes.append(Create(base_path, {**data, "updatedAt": self.setting.now}))
                if self.created_at:
                    self.outcome.days.add(self.created_at.astimezone(self.setting.zone).date().isoformat())
            if self.base and self.created_at and self.base.data["createdAt"] != self.created_at:
                self.outcome.days.update(
                    at.astimezone(self.setting.zone).date().isoformat()
                    for at in (self.created_at, self.base.data["createdAt"])
                )
        return writes

    def _contact_writes(self, base_path: str, was: Data, now: Data) -> list[Write]:
        writes: list[Write] = []
        if self.source_doc is None or profile.contact(was) != profile.contact(now):
            writes.append(Put(f"{base_path}/pii/contact", profile.contact(now)))
        writes.extend(identity_writes(self.setting.identity_key, self.identity, was if self.source_doc else {}, now))
        return writes

    def _moments(self) -> list[datetime]:
        """Times of all counted orders as they will be: what is stored, with this plan's changes over it."""
        query = Query("orders", where=(("customerId", "==", self.identity),), select=("placedAt", "status"))
        stored = {doc.path: doc.data for doc in self.docs.rows(query)}
        stored.update({path: order for path, order in self.replaced.items() if order is not None})
        for path, order in self.replaced.items():
            if order is None:
                stored.pop(path, None)
        return [order["placedAt"] for order in stored.values() if statistics.counts(order)]


def identity_writes(key: bytes, customer: str, was: Data, now: Data) -> list[Write]:
    """Claims of a customer on its addresses: marks that commute, so that no arrival order matters."""
    writes: list[Write] = []
    for kind in ("email", "phone"):
        before, after = was.get(kind), now.get(kind)
        if before == after:
            continue
        for value, claimed in ((before, False), (after, True)):
            if value:
                path = f"identities/{identity_id(key, kind, value)}"
                writes.append(Merge(path, {"kind": kind, "claims": {customer: claimed}}))
    return writes


def _new_customer(setting: Setting) -> Data:
    return {
        "platform": setting.origin.platform,
        "lifecycleStage": "lead",
        "interests": [],
        "rfm": None,
        "segment": None,
        "ruleSegments": [],
        "tags": {"manual": [], "source": [], "auto": []},
        "aliases": [],
        "mergedInto": None,
        "sample": setting.origin.sample,
        "evaluatedAt": None,
    }
