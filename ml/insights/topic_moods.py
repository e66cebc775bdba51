"""Topics that move a mood, for `metrics/emotions`: where one is named, a mood is more often the strongest.

Of each topic the mood whose share rises most clearly above that in the texts that do not name it, by the difference of
two proportions; all topics and moods are tested at once, and only those beyond the noise are told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from ml.insights.statistics import beyond_noise, proportions
from ml.insights.topics import TOPICS
from ml.insights.words import Heard
from schema.minds import GROUPS
from schema.pictures import TopicMood
from schema.store import ReadSet, Store, Update, Write, settle

PATH = "metrics/emotions"
FEWEST = 10
"""Texts with the topic, and without it, below which nothing is told."""
MOST, READ = 8, 24


def topic_moods(texts: Sequence[Heard]) -> list[TopicMood]:
    """Topics beyond the noise, the strongest first."""
    found = []
    for topic in TOPICS:
        naming = [one for one in texts if topic.id in one.topics]
        if min(len(naming), len(texts) - len(naming)) < FEWEST:
            continue
        with_it = Counter(one.top for one in naming)
        without = Counter(one.top for one in texts if topic.id not in one.topics)
        for mood in GROUPS:
            change = proportions(with_it[mood], len(naming), without[mood], len(texts) - len(naming))
            if change is not None and change.p < 1:
                found.append((topic, mood, change, naming))
    passed = beyond_noise([change.p for _, _, change, _ in found])
    told: dict[str, TopicMood] = {}
    for (topic, mood, change, naming), keep in sorted(
        zip(found, passed, strict=True), key=lambda row: (row[0][2].p, row[0][0].id, row[0][1])
    ):
        if not keep or change.low <= 0 or topic.id in told:
            continue
        newest = sorted((one for one in naming if one.top == mood), key=lambda one: (one.at, one.id), reverse=True)
        told[topic.id] = TopicMood(
            topic=topic.id,
            name=topic.name,
            mood=mood,
            n=len(naming),
            share=round(change.value, 4),
            others=round(change.before, 4),
            low=round(change.low, 4),
            high=round(change.high, 4),
            languages=dict(Counter(one.language for one in naming).most_common()),
            feedback=[one.id for one in newest[:READ]],
        )
    return list(told.values())[:MOST]


def write_topics(store: Store, texts: Sequence[Heard]) -> None:
    """Put the topics into the figures that the job wrote before."""
    made = [one.to_doc() for one in topic_moods(texts)]
    settle(store, [PATH], partial(_plan, made=made))


def _plan(docs: ReadSet, made: list[dict[str, object]]) -> list[Write]:
    held = docs[PATH]
    if held is None or (held.data.get("topics") or []) == made:
        return []
    return [Update(PATH, {"topics": made}, held.update_time)]
