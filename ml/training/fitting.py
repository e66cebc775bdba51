"""Fitting the English encoder on emotion and sentiment at once. Needs torch; one thread, seeded, bounded by the clock.

States after the frozen layers are computed once and kept in float16 (about 2 GB). A pass is half of the comments, the
other half the next time, and all of the other texts, in batches of like length of at most BATCH_TOKENS tokens.
Learning rates fall by 0.85 a layer downwards, rise over 300 steps, then fall in a straight line to nought at the end
of the minutes or of the passes, whichever comes first. Rare emotions count up to three times in the loss. What is
evaluated, kept and shipped is a running average of the weights.

The clock is part of the schedule: two runs agree to the bit only when `minutes` is ample and `passes` ends them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import nn

from ml.training.data import Example, emotion_matrix
from ml.training.encoder import Network, padded

RATE = 2e-4
HEAD_RATE = 1e-3
LAYER_DECAY = 0.85
WARM = 300
BATCH_TOKENS = 1100
BATCH_ROWS = 64
EMOTION_WEIGHT = 0.5
SOFTENED = 0.05
RARE = 0.02
"""Emotions rarer than this share weigh more."""
EVALUATE_EVERY = 600.0


def rare_weights(shares: npt.NDArray[np.float64]) -> torch.Tensor:
    """Weight of a label's positive examples: (RARE / share) ** 0.35 within 1 and 3."""
    return torch.clamp(torch.tensor((RARE / np.maximum(shares, 1e-6)) ** 0.35, dtype=torch.float32), 1.0, 3.0)


class Batches:
    """Endless batches of places in `examples`; see the module's docstring for what a pass is."""

    def __init__(self, examples: Sequence[Example], sizes: npt.NDArray[np.int64], rng: np.random.Generator) -> None:
        self.sizes = sizes
        self.rng = rng
        self.always = np.array([one.source != "comments" for one in examples])
        self.half = rng.permutation(len(examples)) % 2
        self.turn = 0

    def one_pass(self) -> list[list[int]]:
        """The next pass."""
        part = np.flatnonzero(self.always | (self.half == self.turn % 2))
        self.turn += 1
        order = part[np.argsort(self.sizes[part] + self.rng.uniform(0, 4, len(part)))]
        made: list[list[int]] = []
        batch: list[int] = []
        widest = 0
        for at in order:
            width = max(widest, int(self.sizes[at]))
            if batch and (width * (len(batch) + 1) > BATCH_TOKENS or len(batch) >= BATCH_ROWS):
                made.append(batch)
                batch, width = [], int(self.sizes[at])
            batch.append(int(at))
            widest = width
        made.append(batch)
        return [made[at] for at in self.rng.permutation(len(made))]

    def tokens(self) -> float:
        """Mean tokens of a pass."""
        return float(self.sizes[self.always].sum() + self.sizes[~self.always].sum() / 2)

    def __iter__(self) -> Iterator[list[int]]:
        while True:
            yield from self.one_pass()


class Fit:
    """One run: cached states, targets, optimiser, running average.

    `ids` are the token ids of `examples`; `gain` multiplies both rates.
    """

    def __init__(
        self,
        network: Network,
        examples: Sequence[Example],
        ids: Sequence[Sequence[int]],
        seed: int,
        gain: float = 1.0,
    ) -> None:
        self.network = network
        self.ids = ids
        labels = network.emo.out_features
        self.emotions = torch.from_numpy(emotion_matrix(examples, labels))
        self.knows = torch.tensor([float(one.emotions is not None) for one in examples])
        self.sentiments = torch.tensor([one.sentiment or 0 for one in examples])
        self.weights = torch.tensor([one.weight if one.sentiment is not None else 0.0 for one in examples])
        self.rare = rare_weights(self.emotions[self.knows > 0].double().mean(0).numpy())
        self.batches = Batches(examples, np.array([len(one) for one in ids]), np.random.default_rng(seed))
        self.learning = {name: p for name, p in network.named_parameters() if p.requires_grad}
        self.average = {name: p.detach().clone() for name, p in self.learning.items()}
        layers = [list(layer.parameters()) for layer in network.bert.encoder.layer[network.frozen :]]
        heads = [p for name, p in self.learning.items() if not name.startswith("bert")]
        groups: list[dict[str, Any]] = [
            {"params": layer, "lr": 0.0, "base": gain * RATE * LAYER_DECAY ** (len(layers) - 1 - at)}
            for at, layer in enumerate(layers)
        ]
        groups.append({"params": heads, "lr": 0.0, "base": gain * HEAD_RATE})
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
        self.step = 0
        self.seen = 0
        self.spent = 0.0
        self.losses = [0.0, 0.0, 0]
        self.put_by: dict[str, torch.Tensor] = {}
        self.states = self._states()

    def _states(self) -> list[npt.NDArray[np.float16]]:
        self.network.eval()
        order = np.argsort(self.batches.sizes, kind="stable")
        states: list[Any] = [None] * len(order)
        with torch.no_grad():
            for start in range(0, len(order), 128):
                part = order[start : start + 128]
                lower = self.network.lower(*padded([self.ids[at] for at in part])).half().numpy()
                for row, at in enumerate(part):
                    states[at] = lower[row, : len(self.ids[at])].copy()
        return states

    def _loss(self, batch: Sequence[int]) -> torch.Tensor:
        _, mask = padded([self.ids[at] for at in batch])
        states = np.zeros((*mask.shape, self.states[batch[0]].shape[1]), np.float32)
        for row, at in enumerate(batch):
            states[row, : len(self.states[at])] = self.states[at]
        emotion, sentiment = self.network.heads(self.network.upper(torch.from_numpy(states), mask))
        rows = torch.tensor(list(batch))
        each = F.binary_cross_entropy_with_logits(
            emotion, self.emotions[rows], pos_weight=self.rare, reduction="none"
        ).sum(1)
        felt = (each * self.knows[rows]).sum()
        each = F.cross_entropy(sentiment, self.sentiments[rows], reduction="none", label_smoothing=SOFTENED)
        meant = (each * self.weights[rows]).sum()
        self.losses[0] += float(felt.detach())
        self.losses[1] += float(meant.detach())
        self.losses[2] += len(batch)
        return (felt * EMOTION_WEIGHT + meant) / len(batch)

    def _learn(self, batch: Sequence[int], done: float) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = group["base"] * min(1.0, self.step / WARM) * (1 - done)
        loss = self._loss(batch)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(list(self.learning.values()), 1.0)
        self.optimiser.step()
        self.step += 1
        self.seen += sum(len(self.ids[at]) for at in batch)
        keep = min(0.999, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), list(self.learning.values()), 1 - keep)

    def run(
        self,
        minutes: float,
        passes: float,
        report: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Learn until the minutes or the passes are over; `report` gets a line every ten minutes and at the end.

        Within `report` the network carries the averaged weights; after `run` it keeps them.
        """
        total = passes * self.batches.tokens()
        before, start = self.spent, clock()
        last = start
        self.network.train()
        for batch in self.batches:
            now = clock()
            self.spent = before + now - start
            done = max(self.spent / (minutes * 60), self.seen / total)
            if done >= 1:
                break
            self._learn(batch, done)
            if now - last > EVALUATE_EVERY:
                last = now
                self._take_average()
                report(self._line(done))
                self._put(self.put_by)
                self.network.train()
        self._take_average()
        report(self._line(1.0))

    def _line(self, done: float) -> str:
        felt, meant, rows = self.losses
        self.losses = [0.0, 0.0, 0]
        return (
            f"step {self.step}, {100 * done:.0f} %, {self.seen} tokens, "
            f"losses {felt / max(1, rows):.4f} and {meant / max(1, rows):.4f}"
        )

    def _take_average(self) -> None:
        self.put_by = {name: p.detach().clone() for name, p in self.learning.items()}
        self._put(self.average)
        self.network.eval()

    def _put(self, values: dict[str, torch.Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self.learning.items():
                parameter.copy_(values[name])

    def save(self, path: Path) -> None:
        """Within `report`: write everything that `restore` needs beside the path, then move it there."""
        beside = path.with_suffix(".part")
        state = {
            "ema": self.network.state_dict(),
            "learned": self.put_by,
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seen": self.seen,
            "spent": self.spent,
            "turn": self.batches.turn,
        }
        torch.save(state, beside)
        beside.replace(path)

    def restore(self, path: Path) -> None:
        """Go on from a file that `save` wrote; the pass that was broken off is left and the next half begun."""
        state = torch.load(path, weights_only=True)
        self._put(state["learned"])
        self.average = {name: state["ema"][name].clone() for name in self.learning}
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seen, self.spent = state["step"], state["seen"], state["spent"]
        self.batches.turn = state["turn"]
