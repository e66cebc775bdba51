"""The one axis of feeling: 28 labels, or the classes of another model, onto six groups.

The 28 labels follow the grouping that GoEmotions publishes for Ekman's emotions (Demszky and others 2020,
"GoEmotions: A Dataset of Fine-Grained Emotions", appendix; `ekman_mapping.json`), under names a shop uses:

    joy       Delighted     admiration amusement approval caring desire excitement gratitude joy love optimism
                            pride relief
    surprise  Surprised     surprise realization curiosity confusion
    fear      Worried       fear nervousness
    sadness   Disappointed  disappointment sadness grief remorse embarrassment
    anger     Frustrated    anger annoyance disapproval, and disgust, which to a shop is the same complaint
    neutral   Neutral       neutral

Labels are not exclusive, groups are a distribution. A group's score is the probability that at least one of its labels
holds if they were independent, 1 - product of (1 - p); the six scores are divided by their sum. So a group does not win
by having many labels with small probabilities each, as it would with a sum.
"""

from __future__ import annotations

from collections.abc import Mapping

from schema.minds import GROUPS, EmotionGroups, GroupName

MEMBERS: dict[GroupName, tuple[str, ...]] = {
    "delighted": (
        "admiration", "amusement", "approval", "caring", "desire", "excitement",
        "gratitude", "joy", "love", "optimism", "pride", "relief",
    ),
    "surprised": ("surprise", "realization", "curiosity", "confusion"),
    "worried": ("fear", "nervousness"),
    "disappointed": ("disappointment", "sadness", "grief", "remorse", "embarrassment"),
    "frustrated": ("anger", "annoyance", "disapproval", "disgust"),
    "neutral": ("neutral",),
}  # fmt: skip
GROUP_OF: dict[str, GroupName] = {label: group for group, labels in MEMBERS.items() for label in labels}
ANGRY = ("anger", "annoyance", "disappointment", "disapproval", "disgust")
"""With a negative sentiment, any of these over its threshold makes a text a frustrated one."""


def grouped(
    probabilities: Mapping[str, float], names: Mapping[str, str] | None = None
) -> dict[GroupName, float] | None:
    """The distribution over the six groups of a text's label probabilities.

    Args:
        names: label to group, for a model with labels of its own; else the table above. Labels that it does not know
            say nothing; None when it knows none.
    """
    table: Mapping[str, str] = names or GROUP_OF
    without = dict.fromkeys(GROUPS, 1.0)
    known = False
    for label, probability in probabilities.items():
        group = table.get(label)
        if group in without:
            known = True
            without[group] *= 1.0 - min(max(probability, 0.0), 1.0)
    scores = {group: 1.0 - rest for group, rest in without.items()}
    total = sum(scores.values())
    if not known or total <= 0:
        return None
    return {group: score / total for group, score in scores.items()}


def strongest(groups: Mapping[GroupName, float]) -> GroupName:
    """The strongest group; of equals the first in the order of `GROUPS`."""
    return max(GROUPS, key=lambda name: (groups[name], -GROUPS.index(name)))


def rounded(groups: Mapping[GroupName, float]) -> EmotionGroups:
    """As stored: four digits, the largest taking what rounding left, so that the sum is 1."""
    made = {name: round(groups[name], 4) for name in GROUPS}
    top = strongest(groups)
    made[top] = round(made[top] + 1.0 - sum(made.values()), 4)
    return EmotionGroups(**made)
