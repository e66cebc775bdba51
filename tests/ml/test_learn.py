"""The learning job goes on step by step: doubled, late and lost messages, a cancelled run, a failing step."""

from __future__ import annotations

import random
from typing import Any

import pytest

from ml import learn
from schema.flow import MemoryBus, World
from schema.memory_store import MemoryStore
from schema.records import Learn
from schema.store import Update, get
from tests.ml.shop import Ticking

RUN = "learn-1"


class Job:
    """A job whose steps only note that they were done: what is tested is the way, not the work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, pages: int = 3) -> None:
        self.store: Any = MemoryStore()
        self.bus = MemoryBus()
        self.world = World(self.store, self.bus, Ticking())
        self.done: list[tuple[str, str | None]] = []
        self.failing: set[tuple[str, str | None]] = set()
        job = self

        def run(self: Any, name: str, cursor: str | None) -> Any:
            if (name, cursor) in job.failing:
                job.failing.discard((name, cursor))
                raise RuntimeError("out of memory")
            job.done.append((name, cursor))
            page = int(cursor or 0) + 1
            if page < pages:
                return name, str(page)
            index = learn.ORDER.index(name) + 1
            return (learn.ORDER[index], None) if index < len(learn.ORDER) else None

        monkeypatch.setattr(learn._Job, "run", run)

    def take(self) -> list[Learn]:
        return [message for topic, message in self.bus.take() if isinstance(message, Learn)]

    def run_document(self) -> dict[str, Any]:
        held = get(self.store, f"runs/{RUN}")
        assert held is not None
        return held.data


def test_every_page_of_every_step_once_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(monkeypatch)
    queue = [Learn(run_id=RUN, step="texts", then="recluster-1", force=True)]
    while queue:
        learn.step(job.world, queue.pop(0))
        queue += job.take()
    assert job.done == [(name, page) for name in learn.ORDER for page in (None, "1", "2")]
    run = job.run_document()
    assert (run["status"], run["done"], run["ref"], run["error"]) == ("done", 100, "recluster-1", None)


@pytest.mark.parametrize("seed", range(12))
def test_doubled_and_shuffled_messages_do_no_step_after_it_was_left(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    rng = random.Random(seed)
    job = Job(monkeypatch)
    queue = [Learn(run_id=RUN, step="texts")]
    seen: list[Learn] = []
    for _ in range(400):
        if not queue:
            break
        message = queue.pop(rng.randrange(len(queue)))
        seen.append(message)
        learn.step(job.world, message)
        queue += job.take() * rng.randint(1, 2)
        if rng.random() < 0.3:
            queue.append(rng.choice(seen))
    assert job.done == [(name, page) for name in learn.ORDER for page in (None, "1", "2")]
    assert job.run_document()["status"] == "done"


def test_a_failing_step_says_so_and_goes_on_when_it_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(monkeypatch, pages=1)
    job.failing = {("models", None)}
    queue = [Learn(run_id=RUN, step="texts")]
    while queue:
        message = queue.pop(0)
        try:
            learn.step(job.world, message)
        except RuntimeError:
            error = job.run_document()["error"]
            assert "Learning from the shop" in error["en"] and "RuntimeError" in error["en"] and error["zh"]
            queue.append(message)
        queue += job.take()
    assert job.run_document()["status"] == "done" and job.run_document()["error"] is None
    assert [name for name, _ in job.done] == list(learn.ORDER)


def test_a_cancelled_job_goes_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(monkeypatch, pages=1)
    learn.step(job.world, Learn(run_id=RUN, step="texts"))
    [following] = job.take()
    held = get(job.store, f"runs/{RUN}")
    assert held is not None
    job.store.commit([Update(held.path, {"status": "cancelled"}, held.update_time)])
    learn.step(job.world, following)
    assert job.done == [("texts", None)] and not job.take() and job.run_document()["status"] == "cancelled"


def test_the_moment_is_fixed_when_the_job_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(monkeypatch, pages=1)
    learn.step(job.world, Learn(run_id=RUN, step="texts"))
    first = job.run_document()["result"]["asOf"]
    for message in job.take():
        learn.step(job.world, message)
    assert job.run_document()["result"]["asOf"] == first
