"""Fitting the Chinese encoder on reviews and posts at once. Needs torch; one thread, seeded, bounded by the clock.

The states after the frozen layers are computed once and kept in float16 (about 1.2 GB for the whole corpus). Each
batch holds texts of like length, at most BATCH_TOKENS tokens. Learning rates fall by 0.85 a layer downwards, rise
over 200 steps, then fall in a straight line to nought at the end of the minutes or of the epochs, whichever comes
first. Attention and pooling leave out 8 % of the tokens at random, so that no single word of a line of business
decides. Labels are softened (reviews 0.03/0.97, posts 0.05), for some of the reviews' labels are wrong. What is
evaluated and kept is a running average of the weights.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import nn

from ml.training.chinese_network import Network, padded

RATE = 2e-4
HEAD_RATE = 1e-3
LAYER_DECAY = 0.85
WARM = 200
BATCH_TOKENS = 1300
BATCH_ROWS = 64
HIDE = 0.08
POSTS_TWICE = 0.5
EVALUATE_EVERY = 600.0


@dataclass(frozen=True)
class Example:
    """Token ids of one text; `post` says which head its label is for."""

    ids: list[int]
    label: int
    post: bool


def batches(examples: Sequence[Example], rng: np.random.Generator) -> list[list[int]]:
    """One epoch: all examples once, half of the posts (drawn anew) a second time, in batches of like length."""
    sizes = np.array([len(one.ids) for one in examples])
    posts = np.flatnonzero([one.post for one in examples])
    order = np.concatenate([np.arange(len(examples)), posts[rng.random(len(posts)) < POSTS_TWICE]])
    order = order[np.argsort(sizes[order] + rng.uniform(0, 5, len(order)))]
    made: list[list[int]] = []
    batch: list[int] = []
    widest = 0
    for at in order:
        width = max(widest, int(sizes[at]))
        if batch and (width * (len(batch) + 1) > BATCH_TOKENS or len(batch) >= BATCH_ROWS):
            made.append(batch)
            batch, width = [], int(sizes[at])
        batch.append(int(at))
        widest = width
    if batch:
        made.append(batch)
    places = rng.permutation(len(made))
    return [made[at] for at in places]


def class_weights(labels: npt.NDArray[np.int64], classes: int) -> torch.Tensor:
    """One over the square root of each class's count, with mean 1: between counting texts and counting classes."""
    weights = 1 / np.sqrt(np.maximum(1, np.bincount(labels, minlength=classes)))
    return torch.tensor(weights / weights.mean(), dtype=torch.float32)


class Fit:
    """One run: the frozen states, the optimiser and the running average of the weights that learn."""

    def __init__(self, network: Network, examples: Sequence[Example], pad: int, seed: int) -> None:
        self.network = network
        self.examples = examples
        self.rng = np.random.default_rng(seed)
        self.noise = torch.Generator().manual_seed(seed)
        self.learning = {name: p for name, p in network.named_parameters() if p.requires_grad}
        self.average = {name: p.detach().clone() for name, p in self.learning.items()}
        classes = network.emo.out_features
        self.weights = class_weights(np.array([one.label for one in examples if one.post], np.int64), classes)
        layers = [list(layer.parameters()) for layer in network.bert.encoder.layer[network.frozen :]]
        heads = [p for name, p in self.learning.items() if not name.startswith("bert")]
        groups: list[dict[str, Any]] = [
            {"params": layer, "lr": 0.0, "base": RATE * LAYER_DECAY ** (len(layers) - 1 - at)}
            for at, layer in enumerate(layers)
        ]
        groups.append({"params": heads, "lr": 0.0, "base": HEAD_RATE})
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
        self.states = self._states(pad)

    def _states(self, pad: int) -> list[npt.NDArray[np.float16]]:
        self.network.eval()
        order = np.argsort([len(one.ids) for one in self.examples], kind="stable")
        states: list[Any] = [None] * len(order)
        with torch.no_grad():
            for start in range(0, len(order), 96):
                part = order[start : start + 96]
                lower = self.network.lower(*padded([self.examples[at].ids for at in part], pad)).half().numpy()
                for row, at in enumerate(part):
                    states[at] = lower[row, : len(self.examples[at].ids)].copy()
        return states

    def _loss(self, batch: Sequence[int]) -> torch.Tensor:
        width = max(len(self.states[at]) for at in batch)
        states = np.zeros((len(batch), width, self.states[batch[0]].shape[1]), np.float32)
        ids, mask = padded([self.examples[at].ids for at in batch], 0)
        for row, at in enumerate(batch):
            states[row, : len(self.states[at])] = self.states[at]
        hidden = (torch.rand(mask.shape, generator=self.noise) < HIDE) & (mask > 0)
        hidden[:, 0] = False
        vectors = self.network.upper(torch.from_numpy(states), mask.masked_fill(hidden, 0))
        odds, emotion = self.network.heads(vectors)
        post = torch.tensor([self.examples[at].post for at in batch])
        gold = torch.tensor([self.examples[at].label for at in batch])
        softened = gold[~post].float() * 0.94 + 0.03
        loss = F.binary_cross_entropy_with_logits(odds[~post], softened, reduction="sum")
        each = F.cross_entropy(emotion[post], gold[post], weight=self.weights, label_smoothing=0.05, reduction="none")
        return (loss + each.sum()) / len(batch)

    def _step(self, batch: Sequence[int], done: float, step: int) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = group["base"] * min(1.0, step / WARM) * (1 - done)
        loss = self._loss(batch)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(list(self.learning.values()), 1.0)
        self.optimiser.step()
        keep = min(0.999, (2 + step) / (11 + step))
        with torch.no_grad():
            for name, parameter in self.learning.items():
                self.average[name].lerp_(parameter, 1 - keep)

    def _batches(self) -> Iterator[list[int]]:
        while True:
            yield from batches(self.examples, self.rng)

    def run(
        self,
        minutes: float,
        epochs: float,
        report: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Learn until the minutes or the epochs are over; `report` is called with the place every ten minutes.

        Within `report` the network carries the averaged weights; after `run` it keeps them.
        """
        sizes = [len(one.ids) * (1 + POSTS_TWICE * one.post) for one in self.examples]
        total, seen = epochs * sum(sizes), 0
        start = last = clock()
        self.network.train()
        for step, batch in enumerate(self._batches()):
            now = clock()
            done = max((now - start) / (minutes * 60), seen / total)
            if done >= 1:
                break
            self._step(batch, done, step)
            seen += sum(len(self.examples[at].ids) for at in batch)
            if now - last > EVALUATE_EVERY:
                last = now
                learned = self._swap()
                report(f"step {step}, {100 * done:.0f} %, {seen} tokens")
                self._put(learned)
                self.network.train()
        self._swap()
        report("end")

    def _swap(self) -> dict[str, torch.Tensor]:
        learned = {name: p.detach().clone() for name, p in self.learning.items()}
        self._put(self.average)
        self.network.eval()
        return learned

    def _put(self, values: dict[str, torch.Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self.learning.items():
                parameter.copy_(values[name])


def save(network: Network, path: Path) -> None:
    """Write all weights beside the path, then move them there: a run that is stopped leaves the last whole file."""
    beside = path.with_suffix(".part")
    torch.save(network.state_dict(), beside)
    beside.replace(path)
