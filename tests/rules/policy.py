"""Who may do what, written down independently of firestore.rules, and the cases that follow from it.

A case is one operation of one actor and whether it is let through. `ROWS` is the table role x collection x operation;
`CLAIMS` has the cases behind every sentence that the comments of firestore.rules say beside that table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Literal

from tests.rules.emulator import SERVER_TIME, Project, Reference, token

Operation = Literal["get", "list", "create", "update", "delete"]
OPERATIONS: tuple[Operation, ...] = ("get", "list", "create", "update", "delete")
ROLES = ("owner", "admin", "marketer", "analyst", "support")
NOBODY: frozenset[str] = frozenset()
GOVERN = frozenset({"owner", "admin"})
MARKET = GOVERN | {"marketer"}
MEET = MARKET | {"support"}
EVERYONE = MEET | {"analyst"}


@dataclass(frozen=True)
class Actor:
    """Somebody at the door. `stored` is the role in members/{uid}; None means that there is no such document."""

    uid: str | None
    stored: str | None = None
    claims: Mapping[str, object] = field(default_factory=dict)

    @property
    def bearer(self) -> str | None:
        return token(self.uid, self.claims) if self.uid else None


ACTORS: dict[str, Actor] = {
    **{role: Actor(f"uid-{role}", role) for role in ROLES},
    "unknown role": Actor("uid-guest", "guest"),
    "stranger": Actor("uid-stranger"),
    "claimed owner": Actor("uid-claimed", None, {"role": "owner", "admin": True}),
    "anonymous": Actor(None),
}
BEARERS = {name: actor.bearer for name, actor in ACTORS.items()}


@dataclass(frozen=True)
class Row:
    """One collection or document: the pattern as the comments name it, an example, and who may get and list it."""

    pattern: str
    example: str
    get: frozenset[str] = NOBODY
    list: frozenset[str] = NOBODY

    def allowed(self, operation: Operation) -> frozenset[str]:
        return {"get": self.get, "list": self.list}.get(operation, NOBODY)


ROWS: tuple[Row, ...] = (
    Row("customers/{customerId}", "customers/c1", MEET, MEET),
    Row("customers/{customerId}/pii/{part}", "customers/c1/pii/contact", MARKET, MARKET),
    Row("customers/{customerId}/sources/manual", "customers/c1/sources/manual", MARKET),
    Row("customers/{customerId}/notes/{noteId}", "customers/c1/notes/n1", MEET, MEET),
    Row("customers/{customerId}/trail/{entryId}", "customers/c1/trail/t1", MEET, MEET),
    Row("customers/{customerId}/suggestions/{otherId}", "customers/c1/suggestions/c2", MEET, MEET),
    Row("orders/{orderId}", "orders/o1", MEET, MEET),
    Row("carts/{cartId}", "carts/k1", MEET, MEET),
    Row("events/{eventId}", "events/e1", MEET, MEET),
    Row("feedback/{feedbackId}", "feedback/f1", MEET, MEET),
    Row("emotions/{feedbackId}", "emotions/f1", MEET, MEET),
    Row("products/{productId}", "products/p1", EVERYONE, EVERYONE),
    Row("products/{productId}/prices/{version}", "products/p1/prices/1", EVERYONE, EVERYONE),
    Row("connections/{connectionId}", "connections/n1", EVERYONE, EVERYONE),
    Row("connections/{connectionId}/drift/{day}", "connections/n1/drift/d1", EVERYONE, EVERYONE),
    Row("cleaning/{origin}/days/{day}", "cleaning/n1/days/2026-01-01", MARKET | {"analyst"}, MARKET | {"analyst"}),
    Row("setAside/{recordId}", "setAside/r1", MARKET, MARKET),
    Row("writeKeys/{keyId}", "writeKeys/k1", GOVERN, GOVERN),
    Row("surveys/{surveyId}", "surveys/s1", EVERYONE, EVERYONE),
    Row("segments/{segmentId}", "segments/s1", EVERYONE, EVERYONE),
    Row("segmentations/{version}", "segmentations/1", EVERYONE, EVERYONE),
    Row("segmentations/{version}/map/{part}", "segmentations/1/map/points", EVERYONE, EVERYONE),
    Row("models/{name}", "models/churn", EVERYONE, EVERYONE),
    Row("cases/{caseId}", "cases/k1", MEET, MEET),
    Row("insights/{insightId}", "insights/i1", EVERYONE, EVERYONE),
    Row("metrics/{metric}", "metrics/overview", EVERYONE, EVERYONE),
    Row("config/{part}", "config/segmentation", EVERYONE, EVERYONE),
    Row("config/schedules/jobs/{job}", "config/schedules/jobs/sweep", EVERYONE, EVERYONE),
    Row("settings/shop", "settings/shop", EVERYONE),
    Row("settings/training", "settings/training", MARKET),
    Row("runs/{runId}", "runs/r1", EVERYONE, EVERYONE),
    Row("imports/{importId}", "imports/i1", MARKET, MARKET),
    Row("parked/{parkedId}", "parked/k1", GOVERN, GOVERN),
    Row("audit/{entryId}", "audit/a1", GOVERN, GOVERN),
    Row("members/{uid}", "members/uid-somebody", GOVERN, GOVERN),
)
OTHER_SOURCE = Row("customers/{customerId}/sources/{other}", "customers/c1/sources/csv-17")
OTHER_SETTING = Row("settings/{other}", "settings/keys")
MODEL_PARAMETERS = Row("models/{name}/versions/{n}", "models/churn/versions/1")
IMPORT_ROWS = Row("imports/{importId}/chunks/{n}", "imports/i1/chunks/0")
CLOSED: tuple[Row, ...] = (
    Row("identities/{hash}", "identities/h1"),
    Row("suppressions/{hash}", "suppressions/h1"),
    Row("delivered/{id}", "delivered/d1"),
    Row("dirty/{id}", "dirty/d1"),
    Row("oauthStates/{hash}", "oauthStates/h1"),
    Row("unresolved/{customerId}", "unresolved/c1"),
    Row("customers/{customerId}/links/{otherId}", "customers/c1/links/c2"),
    Row("rateLimits/{id}", "rateLimits/x1"),
    Row("unlisted/{id}", "unlisted/x1"),
    Row("config/schedules/{other}/{id}", "config/schedules/unlisted/x1"),
    Row("config/{other}/jobs/{id}", "config/segmentation/jobs/x1"),
    *(Row(f"{row.pattern}/unlisted/{{id}}", f"{row.example}/unlisted/x1") for row in ROWS),
    Row("members/{uid}/unlisted/{id} (own)", "members/uid-marketer/unlisted/x1"),
    Row("members/{uid}/views/{viewId}/unlisted/{id}", "members/uid-marketer/views/own/unlisted/x1"),
    Row("members/{uid}/state/{markId}/unlisted/{id}", "members/uid-marketer/state/own/unlisted/x1"),
)
CONNECTION_ROWS: tuple[Row, ...] = (
    Row("connections/{id}/secrets/credentials", "connections/n1/secrets/credentials"),
    Row("connections/{id}/limits/{operation}", "connections/n1/limits/getOrder"),
    Row("connections/{id}/drift/{day}/ids/{n}", "connections/n1/drift/d1/ids/1"),
)
TABLE: tuple[Row, ...] = (*ROWS, OTHER_SOURCE, OTHER_SETTING, IMPORT_ROWS, MODEL_PARAMETERS, *CONNECTION_ROWS, *CLOSED)


@dataclass(frozen=True)
class Case:
    """One operation of one actor. `row` is the pattern of the rule that decides it."""

    row: str
    actor: str
    operation: Operation
    path: str
    """The document; for a list the collection."""
    passes: bool
    fields: tuple[tuple[str, object], ...] = (("note", "x"),)
    limit: int | None = 50
    where: tuple[tuple[str, str, object], ...] = ()
    order: tuple[tuple[str, str], ...] = ()
    descendants: bool = False
    count: bool = False

    def run(self, project: Project) -> int:
        """Do it; the answer is the HTTP status."""
        bearer = BEARERS[self.actor]
        match self.operation:
            case "get":
                return project.get(self.path, bearer)
            case "create":
                return project.create(self.path, dict(self.fields), bearer)
            case "update":
                return project.update(self.path, dict(self.fields), bearer)
            case "delete":
                return project.delete(self.path, bearer)
        return project.query(
            self.path,
            bearer,
            limit=self.limit,
            where=self.where,
            order=self.order,
            descendants=self.descendants,
            count=self.count,
        )

    @property
    def expected(self) -> int:
        return 200 if self.passes else 403

    def __str__(self) -> str:
        asked = f" limit {self.limit}" if self.operation == "list" else ""
        return f"{self.actor} {self.operation} {self.path}{asked}: {'passes' if self.passes else 'is denied'}"


def parent(path: str) -> str:
    return path.rsplit("/", 1)[0]


def row_cases(row: Row, operation: Operation) -> list[Case]:
    """The nine actors at one operation on one row."""
    at = {"list": parent(row.example), "create": f"{parent(row.example)}/fresh"}.get(operation, row.example)
    if operation == "create" and row.pattern in LITERAL:
        at = row.example
    found = [Case(row.pattern, actor, operation, at, actor in row.allowed(operation)) for actor in ACTORS]
    if operation == "list" and row.pattern in LITERAL:
        found += [by_name(row.pattern, actor, row.example) for actor in ACTORS]
    return found


def by_name(row: str, actor: str, path: str) -> Case:
    """A list of the one document that may be got: lists are another right."""
    return Case(row, actor, "list", parent(path), False, where=(("__name__", "EQUAL", Reference(path)),))


LITERAL = frozenset(row.pattern for row in TABLE if not row.pattern.endswith(("}", "(own)")))
"""Rows for a single document: there is no other id to create."""

# --- what members keep for themselves --------------------------------------------------------------------------

VIEW = {"page": "customers", "name": "At risk, by revenue", "query": "segment=at-risk", "updatedAt": SERVER_TIME}
MARK = {"seenAt": SERVER_TIME}
VIEWS, STATE = "members/{uid}/views/{viewId}", "members/{uid}/state/{markId}"
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
KEPT: dict[str, tuple[str, dict[str, object]]] = {VIEWS: ("views", VIEW), STATE: ("state", MARK)}


def kept_cases(row: str) -> list[Case]:
    """Every actor at every operation on a document of their own and on one of somebody else."""
    folder, fields = KEPT[row]
    found = []
    for name, actor in ACTORS.items():
        for uid in (actor.uid, "uid-somebody"):
            if uid is None:
                continue
            base = f"members/{uid}/{folder}"
            passes = uid == actor.uid and name in ROLES
            tag = name.replace(" ", "-")
            paths: dict[Operation, str] = {
                "get": f"{base}/own",
                "list": base,
                "create": f"{base}/by-{tag}",
                "update": f"{base}/own",
                "delete": f"{base}/bin-{tag}",
            }
            found += [Case(row, name, op, at, passes, tuple(fields.items())) for op, at in paths.items()]
    return found


def shape_cases(row: str, fields: Mapping[str, object], tag: str, *, passes: bool) -> list[Case]:
    """A shape as a marketer creates it and as one replaces an own document with it."""
    base = f"members/uid-marketer/{KEPT[row][0]}"
    body = tuple(fields.items())
    return [
        Case(row, "marketer", "create", f"{base}/shape-{tag}", passes, body),
        Case(row, "marketer", "update", f"{base}/shape", passes, body),
    ]


def id_cases(row: str) -> list[Case]:
    folder, fields = KEPT[row]
    good = ("a", "Az09_-", "x" * 64)
    bad = ("x" * 65, "a.b", "a b", "ä", "a%2Fb", "<b>")
    body = tuple(fields.items())
    return [
        Case(row, "marketer", "create", f"members/uid-marketer/{folder}/{name}", name in good, body)
        for name in (*good, *bad)
    ]


def keys_cases(row: str) -> list[Case]:
    """One key too many, one missing, none."""
    _, fields = KEPT[row]
    found = shape_cases(row, {**fields, "extra": 1}, "extra", passes=False)
    for name in fields:
        rest = {key: value for key, value in fields.items() if key != name}
        found += shape_cases(row, rest, f"without-{name}", passes=False)
    return found


def time_cases(row: str, name: str) -> list[Case]:
    _, fields = KEPT[row]
    return [
        *shape_cases(row, fields, f"{name}-now", passes=True),
        *shape_cases(row, {**fields, name: BEFORE}, f"{name}-before", passes=False),
        *shape_cases(row, {**fields, name: "now"}, f"{name}-text", passes=False),
        *shape_cases(row, {**fields, name: None}, f"{name}-null", passes=False),
    ]


def text_cases() -> Iterator[Case]:
    for name, longest in (("page", 200), ("name", 200), ("query", 10_000)):
        yield from shape_cases(VIEWS, {**VIEW, name: "x" * longest}, f"{name}-longest", passes=True)
        yield from shape_cases(VIEWS, {**VIEW, name: "x" * (longest + 1)}, f"{name}-too-long", passes=False)
        for tag, value in (("list", ["x"]), ("map", {"x": "y"}), ("number", 1), ("null", None)):
            yield from shape_cases(VIEWS, {**VIEW, name: value}, f"{name}-{tag}", passes=False)


# --- sentences -------------------------------------------------------------------------------------------------


def limit_cases(collection: str) -> list[Case]:
    row = next(row for row in ROWS if parent(row.example) == collection)
    return [
        Case(row.pattern, actor, "list", collection, passes and actor in MEET, limit=limit, count=count)
        for limit, passes in ((500, True), (501, False), (None, False), (1, True))
        for actor in ("owner", "support", "analyst")
        for count in (False, True)
    ]


def group_cases() -> list[Case]:
    names = {parent(row.example).rsplit("/", 1)[-1] for row in TABLE} | {"views", "state"}
    return [
        Case("*", actor, "list", name, False, descendants=True)
        for name in sorted(names)
        for actor in ("owner", "marketer", "stranger")
    ]


def cases_of(actor: str) -> list[Case]:
    found = [case for row in TABLE for op in OPERATIONS for case in row_cases(row, op)]
    return [case for case in (*found, *kept_cases(VIEWS), *kept_cases(STATE)) if case.actor == actor]


def rows_cases(*rows: Row) -> list[Case]:
    return [case for row in rows for op in OPERATIONS for case in row_cases(row, op)]


def own_member_cases() -> list[Case]:
    listed = [
        by_name("members/{uid}", name, f"members/{actor.uid}")
        for name, actor in ACTORS.items()
        if actor.uid and name not in GOVERN
    ]
    return listed + [
        Case("members/{uid}", name, operation, f"members/{actor.uid}", operation == "get" and name in ROLES)
        for name, actor in ACTORS.items()
        if actor.uid
        for operation in ("get", "update", "delete")
    ]


def written_cases() -> list[Case]:
    writes: tuple[Operation, ...] = ("create", "update", "delete")
    return [case for row in TABLE for op in writes for case in row_cases(row, op)]


PRIVATE = "reads, writes and deletes their own {}; nobody else does, whatever their role."
ID = "The id of a {} has 1 to 64 letters, digits, _ or -."
CLAIMS: dict[str, list[Case]] = {
    "Whatever is not listed here is denied to everybody, at any depth.": rows_cases(*CLOSED),
    "Being signed in opens nothing: the role is what members/{uid} says at this moment.": cases_of("stranger"),
    "A role that a token claims opens nothing.": cases_of("claimed owner"),
    "A role that is not one of the five opens nothing.": cases_of("unknown role"),
    "A query over a collection group is denied to everybody.": group_cases(),
    "Nobody writes anything but their own saved views and read marks.": written_cases(),
    **{
        f"A list or count of {name} has a limit of at most 500.": limit_cases(name)
        for name in ("orders", "events", "carts", "feedback", "emotions")
    },
    "Customers are counted without a limit, which the rules cannot tell from a list.": [
        Case("customers/{customerId}", actor, "list", "customers", actor in MEET, limit=None, count=count)
        for actor in ACTORS
        for count in (False, True)
    ],
    "What a platform states about a customer is denied to everybody; only the manual source is read.": (
        rows_cases(OTHER_SOURCE)
    ),
    "Every other setting is denied to everybody.": rows_cases(OTHER_SETTING),
    "The rows of an import are denied to everybody.": rows_cases(IMPORT_ROWS),
    "The parameters of a model are denied to everybody.": rows_cases(MODEL_PARAMETERS),
    "The credentials, limits and listed ids of a connection are denied to everybody.": rows_cases(*CONNECTION_ROWS),
    "Every member gets their own document.": own_member_cases(),
    f"A member {PRIVATE.format('saved views')}": kept_cases(VIEWS),
    ID.format("saved view"): id_cases(VIEWS),
    "A saved view has page, name, query and updatedAt, and nothing else.": keys_cases(VIEWS),
    "page and name are texts of at most 200 characters, query is one of at most 10000.": list(text_cases()),
    "updatedAt is the time of the write.": time_cases(VIEWS, "updatedAt"),
    f"A member {PRIVATE.format('read marks')}": kept_cases(STATE),
    ID.format("read mark"): id_cases(STATE),
    "A read mark has seenAt, the time of the write, and nothing else.": (
        keys_cases(STATE) + time_cases(STATE, "seenAt")
    ),
}

# --- what the console asks -------------------------------------------------------------------------------------

NEWEST = "DESCENDING"


def asked(row: str, collection: str, roles: frozenset[str], **query: object) -> list[Case]:
    return [Case(row, actor, "list", collection, actor in roles, **query) for actor in ACTORS]  # type: ignore[arg-type]


CONSOLE: dict[str, list[Case]] = {
    "customers by revenue in a segment": asked(
        "customers/{customerId}",
        "customers",
        MEET,
        where=(("segment.id", "EQUAL", "s1"), ("searchTokens", "ARRAY_CONTAINS", "an")),
        order=(("stats.revenue", NEWEST),),
    ),
    "orders of a customer and the aliases": asked(
        "orders/{orderId}", "orders", MEET, where=(("customerId", "IN", ["c1", "c0"]),), order=(("placedAt", NEWEST),)
    ),
    "timeline of a customer": asked(
        "events/{eventId}", "events", MEET, where=(("customerId", "IN", ["c1", "c0"]),), order=(("at", NEWEST),)
    ),
    "words of a customer": asked(
        "feedback/{feedbackId}", "feedback", MEET, where=(("customerId", "IN", ["c1"]),), order=(("at", NEWEST),)
    ),
    "living segments": asked(
        "segments/{segmentId}", "segments", EVERYONE, where=(("retired", "EQUAL", False),), limit=None
    ),
    "months": asked("metrics/{metric}", "metrics", EVERYONE, order=(("month", "ASCENDING"),), limit=None),
    "newest imports": asked("imports/{importId}", "imports", MARKET, order=(("createdAt", NEWEST),)),
    "newest runs": asked("runs/{runId}", "runs", EVERYONE, order=(("startedAt", NEWEST),)),
    "schedules": asked("config/schedules/jobs/{job}", "config/schedules/jobs", EVERYONE, limit=None),
    "parked": asked("parked/{parkedId}", "parked", GOVERN, where=(("status", "EQUAL", "parked"),), limit=None),
    "audit": asked("audit/{entryId}", "audit", GOVERN, order=(("at", NEWEST),)),
    "members": asked("members/{uid}", "members", GOVERN, limit=None),
}

# --- all of it -------------------------------------------------------------------------------------------------


def all_cases() -> list[Case]:
    """Every case once."""
    table = [row_cases(row, op) for op in OPERATIONS for row in TABLE]
    every = chain.from_iterable([*table, *CLAIMS.values(), *CONSOLE.values()])
    return list({repr(case): case for case in every}.values())


def documents() -> dict[str, dict[str, object]]:
    """What the emulator holds before the cases run: every document that one reads, replaces or deletes."""
    found: dict[str, dict[str, object]] = {row.example: {"note": "seeded"} for row in TABLE}
    found["members/uid-somebody"] = {"role": "owner"}
    for actor in ACTORS.values():
        if actor.stored:
            found[f"members/{actor.uid}"] = {"role": actor.stored}
    for row, (folder, _) in KEPT.items():
        found[f"members/uid-marketer/{folder}/shape"] = {"note": "seeded"}
        for case in kept_cases(row):
            if case.operation in ("get", "update", "delete"):
                found[case.path] = {"note": "seeded"}
    return found
