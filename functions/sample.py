"""Removing the sample shop: page by page, each page one commit, until nothing of it is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from functions.figures.overview import refresh_overview
from functions.ingest.claims import claim_path, looked_up, storefront_path, unresolved_path
from functions.ingest.customer import customer_paths
from functions.learning import start_learning
from schema.flow import World
from schema.jobs import Run
from schema.records import Job
from schema.store import (
    BATCH_WRITES,
    Create,
    Data,
    Delete,
    Doc,
    Merge,
    Put,
    Query,
    ReadSet,
    Store,
    Update,
    Write,
    get,
    settle,
)

COLLECTIONS = ("orders", "events", "emotions", "feedback", "cases", "insights", "carts", "products", "customers")
PAGE = 300
KEPT = ("links", "trail", "suggestions", "notes")
"""Collections below a customer."""
RUN = "runs/remove-sample"
LOADED = "runs/sample"
NAMELESS = "My shop"
PICTURES = ("emotions", "behaviour", "predictions", "affinity", "groupings", "training", "risk")
"""Figures of what models found."""


def start_removal(world: World, actor: str) -> str:
    """Begin; safe to call again. Returns the run's id."""
    now = world.clock()
    total = sum(world.store.totals(Query(name, where=(("sample", "==", True),))).count for name in COLLECTIONS)
    fresh = Run(
        kind="remove_sample",
        status="running",
        title="Sample shop",
        total=total,
        started_at=now,
        updated_at=now,
        started_by=actor,
    )

    def begin(docs: ReadSet) -> list[Write]:
        held, shop, loaded = docs[RUN], docs["settings/shop"], docs[LOADED]
        if held and held.data["status"] == "running":
            return []
        writes: list[Write] = [Update(RUN, fresh.to_doc(), held.update_time) if held else Create(RUN, fresh.to_doc())]
        # The sample stops trading at once: no new record may come in behind the removal.
        fields: Data = {"sample": False, "updatedAt": now}
        if not (shop and shop.data.get("real")):
            # The sample's name, currency and zone go with it; the first real file decides its own.
            fields |= {"name": NAMELESS, "currency": None, "zone": None, "rates": {}}
        elif loaded and shop.data.get("name") == loaded.data["title"]:
            # Real figures stand in the sample's currency and zone by now; its name goes unless somebody changed it.
            fields["name"] = NAMELESS
        writes.append(Merge("settings/shop", fields))
        return writes

    settle(world.store, [RUN, LOADED, "settings/shop"], begin)
    world.bus.publish("jobs", Job(kind="remove_sample", id="sample"))
    return RUN.split("/")[1]


def removal_step(world: World, job: Job) -> None:
    """Remove one page of the first collection that still has sample documents; the last step closes the run."""
    run = get(world.store, RUN)
    if run is None or run.data["status"] != "running":
        return
    for name in COLLECTIONS:
        page = list(
            world.store.query(
                Query(name, where=(("sample", "==", True),), limit=PAGE if name != "customers" else PAGE // 5)
            )
        )
        if page:
            _remove(world, name, page)
            _progress(world)
            world.bus.publish("jobs", Job(kind="remove_sample", id=job.id, step=job.step + 1))
            return
    _close(world)


def _remove(world: World, name: str, page: list[Doc]) -> None:
    writes: list[Write] = [Delete(doc.path) for doc in page]
    days: set[str] = {doc.data["day"] for doc in page if doc.data.get("day")}
    if name == "products":
        parts = [price.path for doc in page for price in world.store.query(Query(f"{doc.path}/prices"))]
        parts += [f"{doc.path}/state/prices" for doc in page]
        for start in range(0, len(parts), PAGE):
            world.store.commit([Delete(path) for path in parts[start : start + PAGE]])
    if name == "customers":
        days |= {doc.data["createdAt"].date().isoformat() for doc in page}
        # What hangs on a customer goes first: a page that was not finished is found again by its customers.
        hanging = _of_customers(world, page)
        for start in range(0, len(hanging), BATCH_WRITES):
            world.store.commit(hanging[start : start + BATCH_WRITES])
    writes.append(Put(f"dirty/remove-{page[0].id}", {"at": world.clock(), "days": sorted(days)}))
    world.store.commit(writes)


def _of_customers(world: World, page: list[Doc]) -> list[Write]:
    """What removes everything of customers beside their own documents: accounts, claims, decisions, marks, notes."""
    store, ids = world.store, {doc.id for doc in page}
    paths = {one: customer_paths(one) for one in sorted(ids)}
    docs = store.get_many(path for one in ids for path in paths[one])

    def below(one: str) -> list[str]:
        return [doc.path for name in KEPT for doc in store.query(Query(f"customers/{one}/{name}", select=()))]

    with ThreadPoolExecutor(max_workers=8) as pool:
        writes: list[Write] = [Delete(path) for found in pool.map(below, sorted(ids)) for path in found]
    claims: dict[str, None] = {}
    for one in sorted(ids):
        _, source, manual = (docs[path] for path in paths[one])
        held = looked_up(source.data if source else None, manual.data if manual else None)
        claims |= dict.fromkeys(claim_path(world.identity_key, claim) for claim in sorted(held))
        claims[storefront_path(world.identity_key, one)] = None
        writes += [Delete(path) for path in (*paths[one][1:], f"customers/{one}/pii/contact", unresolved_path(one))]
    for identity in store.get_many(claims).values():
        if identity is None:
            continue
        if set(identity.data["claims"]) <= ids:
            writes.append(Delete(identity.path))
        else:
            named = sorted(ids & set(identity.data["claims"]))
            writes.append(Merge(identity.path, {"claims": dict.fromkeys(named, False)}))
    return writes


def _progress(world: World) -> None:
    left = sum(world.store.totals(Query(name, where=(("sample", "==", True),))).count for name in COLLECTIONS)
    now = world.clock()

    def move(docs: ReadSet) -> list[Write]:
        held = docs[RUN]
        return (
            [Update(RUN, {"done": max(0, (held.data["total"] or 0) - left), "updatedAt": now}, held.update_time)]
            if held
            else []
        )

    settle(world.store, [RUN], move)


def _close(world: World) -> None:
    """Nothing is left: forget the sample's segments and runs, recount, and segment the real customers anew."""
    store, now = world.store, world.clock()
    imports = list(store.query(Query("imports", where=(("sample", "==", True),))))
    for held in imports:
        chunks = list(store.query(Query(f"{held.path}/chunks", select=("seq",))))
        store.commit([*(Delete(chunk.path) for chunk in chunks), Delete(held.path), Delete(f"runs/import-{held.id}")])
    overview = refresh_overview(world)

    def done(docs: ReadSet) -> list[Write]:
        held = docs[RUN]
        if held is None or held.data["status"] != "running":
            return []
        return [
            Update(
                RUN,
                {"status": "done", "done": held.data["total"], "updatedAt": now, "finishedAt": now},
                held.update_time,
            )
        ]

    if overview["customers"] > 0:
        settle(store, [RUN], done)
        start_learning(world, None, once=f"sample-removed-{now.isoformat()}")
        return
    _forget_learned(store)
    pointer = get(store, "config/segmentation")
    if pointer:
        # The number of the next version stays: version numbers are never reused.
        store.commit([Update("config/segmentation", {"active": 0, "updatedAt": now}, pointer.update_time)])
    settle(store, [RUN], done)


def _forget_learned(store: Store) -> None:
    """Groups, models and pictures of a shop that is gone."""
    below = {"segmentations": ("map", "cards"), "models": ("versions",), "segments": (), "insights": ()}
    for name, parts in below.items():
        for doc in list(store.query(Query(name, select=()))):
            hanging = [part.path for sub in parts for part in store.query(Query(f"{doc.path}/{sub}", select=()))]
            store.commit([Delete(path) for path in (*hanging, doc.path)])
    store.commit([Delete(f"metrics/{name}") for name in PICTURES])
