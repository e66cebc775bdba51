"""The learning job: what is said, who people are, groups, models, predictions, figures, findings, step by step.

    texts      words that no model has read yet, some hundred a message
    people     mood, personality and habits of every customer, a page a message
    segments   the recluster that goes along, when there is one
    models     what is due for training, one model a message
    predict    predictions of every customer, a page a message
    figures    the documents behind the pages
    insights   findings, model tags, early warning, care cases

Each step ends with one guarded write of where the job is, then publishes the next. A message that comes twice, or late,
finds the job past its place and does nothing; a job that stands still is woken from that place by the sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from schema import log
from schema.base import Localized
from schema.flow import Failed, World
from schema.intelligence import ModelName
from schema.jobs import Run
from schema.moment import as_of, moment
from schema.records import CustomersChanged, Learn, Recluster
from schema.store import Create, Data, Query, ReadSet, Update, Write, settle

MODELS: tuple[ModelName, ...] = ("value", "churn", "intent", "engagement", "campaign", "discount")
TEXTS = 200
STEPS: dict[str, tuple[int, Localized]] = {
    "texts": (0, Localized(en="Reading what customers said", zh="阅读客户的话")),
    "people": (20, Localized(en="Moods and habits of every customer", zh="每位客户的情绪与习惯")),
    "segments": (40, Localized(en="Groups", zh="分群")),
    "models": (50, Localized(en="Learning from the shop's own history", zh="从店铺历史中学习")),
    "predict": (65, Localized(en="Predicting what each will do next", zh="预测每位客户接下来的行为")),
    "figures": (85, Localized(en="Figures for the pages", zh="汇总各页数据")),
    "insights": (95, Localized(en="What is worth knowing", zh="值得知道的事")),
}
ORDER = tuple(STEPS)
Place = tuple[str, str | None]


def look_again(world: World, message: CustomersChanged) -> Sequence[Failed]:
    """Changed customers: their segment at once, their predictions from the models in force.

    Nothing of a bulk job: the learning job that follows it looks at everybody.
    """
    from ml.behaviour.predicting import predict_ids
    from ml.segmentation.assign import assign

    if message.historic:
        return ()
    failed = list(assign(world, message.ids))
    predict_ids(world, message.ids)
    if {"aliases", "profiling"} & {*message.fields}:
        from ml.text.psyche import refresh

        # Accounts that came together share one mood; who refused profiling loses what was read at once.
        refresh(world, message.ids, moment(world))
    if "psyche" in message.fields or "cases" in message.fields:
        from ml.insights.night import look

        look(world, message.ids, moment(world))
    return failed


def new_words(world: World, feedback: str) -> None:
    """Score one text; what fails is kept for the sweep like a failed message's record."""
    from ml.text.work import score
    from schema.flow import deliver_once

    deliver_once(world, "texts", {"ids": [feedback]}, lambda message: score(world, message.ids))


def recluster_alone(world: World, message: Recluster) -> None:
    """A recluster that somebody asked for, then the figures that follow from it."""
    from ml.segmentation.recluster import recluster

    recluster(world, message.run_id, search=message.search)
    run = f"learn-{message.run_id}"
    started = _begin(world, run, "figures", None)
    if started is not None:
        world.bus.publish("learn", Learn(run_id=run, step="figures"))


def step(world: World, message: Learn) -> None:
    """Do one step of a learning job and publish the next."""
    place: Place = (message.step, message.cursor)
    held = _begin(world, message.run_id, *place, then=message.then, force=message.force)
    if held is None or _place(held) != place:
        return
    began = datetime.fromisoformat(str(held["result"]["asOf"]))
    job = _Job(world, message.run_id, began, held["result"].get("then"), bool(held["result"].get("force")))
    try:
        following = job.run(*place)
    except Exception as error:
        _failing(world, message.run_id, error)
        raise
    if not _move(world, message.run_id, place, following):
        return
    if following is not None:
        world.bus.publish(
            "learn",
            Learn(run_id=message.run_id, step=following[0], cursor=following[1], then=job.then, force=job.force),
        )


class _Job:
    """One step of a run at a fixed moment."""

    def __init__(self, world: World, run_id: str, as_of: datetime, then: Any, force: bool) -> None:
        self.world = world
        self.run_id = run_id
        self.as_of = as_of
        self.then = str(then) if then else None
        self.force = force

    def run(self, name: str, cursor: str | None) -> Place | None:
        """Where the job goes on; None at its end."""
        steps: dict[str, Callable[[str | None], str | None]] = {
            "texts": self.texts,
            "people": self.people,
            "segments": self.segments,
            "models": self.models,
            "predict": self.predict,
            "figures": self.figures,
            "insights": self.insights,
        }
        more = steps[name](cursor)
        if more is not None:
            return name, more
        index = ORDER.index(name) + 1
        return (ORDER[index], None) if index < len(ORDER) else None

    def texts(self, cursor: str | None) -> str | None:
        from ml.text.work import backlog, score

        ids, more = backlog(self.world, cursor, TEXTS)
        for failed in score(self.world, ids) if ids else ():
            log.write("WARNING", "text not scored", error=failed.error)
        return more

    def people(self, cursor: str | None) -> str | None:
        from ml.behaviour.habits import refresh as habits
        from ml.text.psyche import refresh as psyche

        query = Query(
            "customers", order_by=(("__name__", "asc"),), limit=300, select=(), after=(cursor,) if cursor else None
        )
        ids = [doc.id for doc in self.world.store.query(query)]
        psyche(self.world, ids, self.as_of)
        return habits(self.world, cursor, self.as_of)

    def segments(self, cursor: str | None) -> str | None:
        from ml.segmentation.recluster import recluster

        if self.then:
            recluster(self.world, self.then, search=self.force)
        return None

    def models(self, cursor: str | None) -> str | None:
        from ml.behaviour.training import train

        index = [*MODELS].index(cursor) if cursor else 0  # type: ignore[arg-type]
        train(self.world, MODELS[index], self.as_of, force=self.force)
        return MODELS[index + 1] if index + 1 < len(MODELS) else None

    def predict(self, cursor: str | None) -> str | None:
        from ml.behaviour.predicting import predict

        return predict(self.world, cursor, self.as_of)

    def figures(self, cursor: str | None) -> str | None:
        from ml.behaviour import figures as behaviour
        from ml.behaviour import prediction_figures
        from ml.segmentation import groupings
        from ml.text import figures as emotions

        parts = {
            "emotions": emotions.figures,
            "behaviour": behaviour.figures,
            "predictions": prediction_figures.figures,
            "groupings": groupings.figures,
        }
        names = list(parts)
        index = names.index(cursor) if cursor else 0
        parts[names[index]](self.world, self.as_of)
        return names[index + 1] if index + 1 < len(names) else None

    def insights(self, cursor: str | None) -> str | None:
        from ml.insights.night import findings, warnings
        from ml.training_effects import write_effects

        if cursor is None:
            warnings(self.world, self.as_of)
            return "findings"
        findings(self.world, self.as_of)
        write_effects(self.world, self.run_id)
        return None


def _begin(
    world: World, run_id: str, name: str, cursor: str | None, then: str | None = None, force: bool = False
) -> Data | None:
    """The run's document, running; made when the message is the first to name it. None when the run is over."""
    path = f"runs/{run_id}"
    found: list[Data | None] = []

    def plan(docs: ReadSet) -> list[Write]:
        held, overview = docs[path], docs["metrics/overview"]
        found.clear()
        now = world.clock()
        newest = overview.data.get("lastOrderAt") if overview else None
        at = as_of(newest, now).isoformat()
        place = {"step": name, "cursor": cursor, "then": then, "force": int(force), "asOf": at}
        if held is None:
            run = Run(
                kind="learn", status="running", title="Learning", total=100, step=STEPS[name][1],
                result=place, started_at=now, updated_at=now, ref=then,
            ).to_doc()  # fmt: skip
            found.append(run)
            return [Create(path, run)]
        if held.data["status"] not in ("queued", "running", "failed"):
            found.append(None)
            return []
        if held.data["status"] == "running":
            found.append(held.data)
            # The sweep takes a step that began long ago for lost, not one that is at work.
            at_work = {"updatedAt": now}
            return [Update(path, at_work, held.update_time)] if _place(held.data) == (name, cursor) else []
        begun: Data = {"status": "running", "error": None, "finishedAt": None, "updatedAt": now}
        if "asOf" not in held.data["result"]:
            begun["result"] = {**place, **held.data["result"]}
        found.append({**held.data, **begun})
        return [Update(path, begun, held.update_time)]

    settle(world.store, [path, "metrics/overview"], plan)
    return found[0] if found else None


def _place(run: Data) -> Place:
    result = run["result"]
    return str(result.get("step") or "texts"), result.get("cursor")


def _move(world: World, run_id: str, place: Place, following: Place | None) -> bool:
    """Write where the job is now; false when another message was first, or somebody cancelled it."""
    path = f"runs/{run_id}"
    moved: list[bool] = []

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        moved.clear()
        if held is None or held.data["status"] != "running" or _place(held.data) != place:
            return []
        moved.append(True)
        now = world.clock()
        if following is None:
            done = {"status": "done", "done": 100, "step": None, "updatedAt": now, "finishedAt": now, "error": None}
            return [Update(path, done, held.update_time)]
        percent, words = STEPS[following[0]]
        result = {**held.data["result"], "step": following[0], "cursor": following[1]}
        fields = {"done": percent, "step": words.to_doc(), "result": result, "updatedAt": now, "error": None}
        return [Update(path, fields, held.update_time)]

    settle(world.store, [path], plan)
    return bool(moved)


def _failing(world: World, run_id: str, error: BaseException) -> None:
    """Say what happened while the message waits for its next try."""
    path = f"runs/{run_id}"

    def plan(docs: ReadSet) -> list[Write]:
        held = docs[path]
        if held is None or held.data["status"] != "running":
            return []
        name = type(error).__name__
        words = STEPS[_place(held.data)[0]][1]
        text = Localized(
            en=f"Stopped at “{words.en}” ({name}). What was there before is unchanged; it is tried again by itself.",
            zh=f"在“{words.zh}”时停止（{name}）。此前的结果未变，系统会自动重试。",
        )
        return [Update(path, {"error": text.to_doc(), "updatedAt": world.clock()}, held.update_time)]

    settle(world.store, [path], plan)
