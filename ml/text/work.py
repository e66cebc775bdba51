"""Scoring feedback: `emotions/{feedbackId}` and the psyche of who wrote it, in one commit a customer.

A text that was read before is not read again: only another text, another model, or another word on profiling changes
its emotion. So events that come twice, late or shuffled leave the same documents. Feedback is never written: a
trigger cannot wake itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from ml.text import emotions, psyche
from ml.text.registry import Registry, standard
from ml.text.scoring import Scored, Scorer
from ml.text.words import spoken, text_hash
from schema.flow import Failed, World
from schema.moment import moment
from schema.records import CustomersChanged
from schema.store import (
    Contention,
    Create,
    Data,
    Delete,
    Doc,
    Group,
    Query,
    ReadSet,
    Store,
    Update,
    Write,
    get,
    settle_groups,
)  # fmt: skip

PAGE = 200
MOST_PAGES = 10
"""Pages that one look for unscored texts walks through at most."""
_TEXT = ("title", "text", "sample", "customerId")
_STATE = ("textHash", "model", "language", "status", "customerId")


@dataclass
class _Reader:
    """Scores by text hash, made together for a whole message, and one by one for what changed meanwhile."""

    registry: Registry
    scores: dict[str, Scored] = field(default_factory=dict)

    def read_all(self, feedback: Sequence[Data]) -> None:
        texts = {text_hash(one.get("title"), one.get("text")): one for one in feedback}
        new = {key: one for key, one in texts.items() if key not in self.scores}
        scored = Scorer(self.registry).score(
            [spoken(one.get("title"), one.get("text")) for one in new.values()],
            [one.get("language") for one in new.values()],
        )
        self.scores.update(zip(new, scored, strict=True))

    def read(self, feedback: Data) -> Scored:
        """Raises ArtefactError where a model of the text's language is broken: that must be told and tried again, not
        stored as a language that nobody reads."""
        self.read_all([feedback])
        scored = self.scores[text_hash(feedback.get("title"), feedback.get("text"))]
        problem = self.registry.broken(scored.language) if scored.status in ("scored", "not supported") else None
        if problem is not None:
            raise problem
        return scored


def score(world: World, ids: Sequence[str], explain: bool = False, registry: Registry | None = None) -> list[Failed]:
    """Score texts and fold the psyche of their writers; with `explain` also find the words that moved the scores.

    Returns one record for each text whose commit failed.
    """
    serving = registry or standard()
    wanted = list(dict.fromkeys(ids))
    read = world.store.get_many([path for one in wanted for path in (f"feedback/{one}", f"emotions/{one}")])
    shop = get(world.store, "settings/shop")
    real = bool(shop and shop.data.get("real"))
    owners: dict[str, list[str]] = {}
    for one in wanted:
        docs = [read[f"feedback/{one}"], read[f"emotions/{one}"]]
        # Sample and real data never mix: once the shop has its own, the sample's words are not read any more.
        if any(docs) and not (real and any(doc and doc.data.get("sample") for doc in docs)):
            owners[one] = [doc.data["customerId"] for doc in docs if doc and doc.data.get("customerId")]
    customers = psyche.roots(world.store, [who for held in owners.values() for who in held])
    reader = _Reader(serving)
    reader.read_all([
        feedback.data for one in owners
        if (feedback := read[f"feedback/{one}"]) is not None
        and not emotions.current(read[f"emotions/{one}"], feedback.data, serving)
        and not _refused(customers, feedback.data)
    ])  # fmt: skip
    task = _Task(world, reader, moment(world), world.clock(), explain)
    parts = _parts(owners, customers)
    groups = [task.group(roots, texts, customers) for roots, texts in parts]
    failed = [
        Failed({"ids": [one], "explain": explain}, type(failure).__name__)
        for (_, texts), failure in zip(parts, settle_groups(world.store, groups), strict=True)
        if failure is not None
        for one in texts
    ]
    _publish(world, task, read, parts)
    return failed


def backlog(
    world: World, after: str | None, limit: int, registry: Registry | None = None
) -> tuple[list[str], str | None]:
    """Ids of texts without an emotion of the present text and model, at most `limit`, and where to go on (None:
    end)."""
    serving = registry or standard()
    shop = get(world.store, "settings/shop")
    real = bool(shop and shop.data.get("real"))
    found: list[str] = []
    cursor = after
    for _ in range(MOST_PAGES):
        page = list(world.store.query(_page("feedback", cursor, _TEXT)))
        held = _states(world.store, cursor, page[-1].id) if page else {}
        for doc in page:
            if not (real and doc.data.get("sample")) and not emotions.current(held.get(doc.id), doc.data, serving):
                found.append(doc.id)
            cursor = doc.id
            if len(found) == limit:
                return _still(world.store, found, held), cursor
        found = _still(world.store, found, held)
        if len(page) < PAGE:
            return found, None
    return found, cursor


def _page(collection: str, after: str | None, fields: tuple[str, ...]) -> Query:
    order: tuple[tuple[str, str], ...] = (("__name__", "asc"),)
    return Query(collection, order_by=order, limit=PAGE, select=fields, after=(after,) if after else None)  # type: ignore[arg-type]


def _states(store: Store, after: str | None, last: str) -> dict[str, Doc]:
    """Emotions by id from `after` to `last`: both collections have the same ids, so that one page meets the other."""
    found: dict[str, Doc] = {}
    while True:
        page = list(store.query(_page("emotions", after, _STATE)))
        found |= {doc.id: doc for doc in page}
        if len(page) < PAGE or page[-1].id >= last:
            return found
        after = page[-1].id


def _still(store: Store, found: list[str], held: dict[str, Doc]) -> list[str]:
    """Without the texts of customers who still refuse profiling."""
    closed = {
        one: held[one].data["customerId"] for one in found if one in held and held[one].data["status"] == "opted out"
    }
    if not closed:
        return found
    people = psyche.roots(store, [who for who in closed.values() if who])
    return [one for one in found if one not in closed or not _opted_out(people.get(closed[one]))]


def _opted_out(customer: Doc | None) -> bool:
    return customer is not None and customer.data.get("profiling") == "opted out"


def _refused(customers: dict[str, Doc], feedback: Data) -> bool:
    return _opted_out(customers.get(feedback.get("customerId") or ""))


def _parts(owners: dict[str, list[str]], customers: dict[str, Doc]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Texts by the customers that they touch: usually one, none for a product's reviews, two where a text moved."""
    parts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one, who in owners.items():
        roots = tuple(sorted({customers[account].id for account in who if account in customers}))
        # Without a customer each text stands alone.
        parts[roots or (f"text:{one}",)].append(one)
    return [(tuple(root for root in roots if not root.startswith("text:")), texts) for roots, texts in parts.items()]


@dataclass
class _Task:
    world: World
    reader: _Reader
    as_of: datetime
    now: datetime
    explain: bool
    changed: list[str] = field(default_factory=list)

    def group(self, roots: tuple[str, ...], texts: list[str], customers: dict[str, Doc]) -> Group:
        accounts = {account: doc.id for account, doc in customers.items()}
        paths = [f"customers/{root}" for root in roots]
        paths += [path for one in texts for path in (f"feedback/{one}", f"emotions/{one}")]
        return Group(tuple(paths), partial(self.plan, roots=roots, texts=texts, accounts=accounts))

    def plan(self, docs: ReadSet, roots: tuple[str, ...], texts: list[str], accounts: dict[str, str]) -> list[Write]:
        writes: list[Write] = []
        touched: dict[str, dict[str, Data | None]] = {root: {} for root in roots}
        for one in texts:
            feedback, held = docs[f"feedback/{one}"], docs[f"emotions/{one}"]
            fresh = self.emotion(docs, feedback, held, accounts)
            if (held.data if held else None) == fresh:
                continue
            writes.append(_write(f"emotions/{one}", held, fresh))
            for root in {accounts.get(data["customerId"] or "") for data in (fresh, held and held.data) if data}:
                if root in touched:
                    mine = fresh is not None and accounts.get(fresh["customerId"] or "") == root
                    touched[root][one] = fresh if mine else None
        for root in roots:
            writes += psyche.psyche_writes(
                docs, f"customers/{root}", touched[root], self.as_of, self.now,
                psyche.traits_of(self.reader.registry), self.changed,
            )  # fmt: skip
        return writes

    def emotion(self, docs: ReadSet, feedback: Doc | None, held: Doc | None, accounts: dict[str, str]) -> Data | None:
        """The emotion as it should be; None where the text is gone."""
        if feedback is None:
            return None
        account = feedback.data.get("customerId")
        root = accounts.get(account or "")
        customer = docs[f"customers/{root}"] if root else None
        if customer is not None and customer.data.get("mergedInto"):
            raise Contention("the customer was merged meanwhile: the next attempt finds where to")
        if _opted_out(customer):
            return emotions.opted_out(feedback.data, held, self.now)
        if held is not None and emotions.current(held, feedback.data, self.reader.registry):
            fresh = emotions.kept(feedback.data, held.data)
        else:
            fresh = emotions.made(feedback.data, self.reader.read(feedback.data), self.now)
        if self.explain and fresh["status"] == "scored" and fresh["evidence"] is None:
            return emotions.explained(
                fresh, feedback.data, self.reader.read(feedback.data), self.reader.registry, self.now
            )
        return fresh


def _write(path: str, held: Doc | None, fresh: Data | None) -> Write:
    if held is None:
        return Create(path, fresh or {})
    return Delete(path, held.update_time) if fresh is None else Update(path, fresh, held.update_time)


def _publish(
    world: World, task: _Task, read: dict[str, Doc | None], parts: Sequence[tuple[tuple[str, ...], list[str]]]
) -> None:
    """Tell of customers whose mood changed by a text of today; the learning job looks at everybody after a bulk job."""
    fresh = {
        root
        for roots, texts in parts
        if any((doc := read[f"feedback/{one}"]) is None or not doc.data.get("bulk") for one in texts)
        for root in roots
    }
    ids = sorted(set(task.changed) & fresh)
    for at in range(0, len(ids), 200):
        world.bus.publish("customers-changed", CustomersChanged(ids=ids[at : at + 200], fields=["psyche"]))
