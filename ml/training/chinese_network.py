"""The Chinese encoder: the lowest eight layers of multilingual-e5-small with two heads. Needs torch.

The embeddings and the lowest FROZEN layers stay as they were trained; the others and the heads learn. A text's
vector is the mean of its tokens beside an attention-weighted mean (one learned score a token). The sentiment head
gives one number, the log odds z of positive against negative; `Exported` spreads it over three outputs (-z/2, 0,
z/2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

LAYERS = 8
FROZEN = 4
LONGEST = 64
HIDDEN = -1e4


def cut(ids: Sequence[int], longest: int = LONGEST) -> list[int]:
    """At most `longest` tokens: the first half and the last half of a longer text."""
    if len(ids) <= longest:
        return list(ids)
    return [*ids[: longest // 2], *ids[-(longest // 2) :]]


def padded(rows: Sequence[Sequence[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and attention mask, int64 [rows, longest row]."""
    width = max(map(len, rows))
    ids = np.full((len(rows), width), pad, np.int64)
    mask = np.zeros((len(rows), width), np.int64)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


class Network(nn.Module):
    """Encoder and heads. `forward(ids, mask)` gives log odds [batch] and emotion logits [batch, classes]."""

    def __init__(self, bert: Any, classes: int, frozen: int = FROZEN) -> None:
        super().__init__()
        width = int(bert.config.hidden_size)
        self.bert = bert
        self.frozen = frozen
        self.q = nn.Linear(width, 1)
        self.sen = nn.Linear(2 * width, 1)
        self.emo = nn.Linear(2 * width, classes)
        self.dp = nn.Dropout(0.15)
        nn.init.zeros_(self.q.weight)
        nn.init.zeros_(self.q.bias)
        for head in (self.sen, self.emo):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        for parameter in bert.embeddings.parameters():
            parameter.requires_grad = False
        for layer in bert.encoder.layer[:frozen]:
            for parameter in layer.parameters():
                parameter.requires_grad = False

    def _run(self, states: torch.Tensor, mask: torch.Tensor, layers: Any) -> torch.Tensor:
        unseen = (1.0 - mask[:, None, None, :].float()) * HIDDEN
        for layer in layers:
            states = layer(states, unseen)
            states = states[0] if isinstance(states, tuple) else states
        return states

    def lower(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """States after the frozen layers, [batch, length, width]."""
        states: torch.Tensor = self.bert.embeddings(input_ids=ids)
        return self._run(states, mask, self.bert.encoder.layer[: self.frozen])

    def upper(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Text vectors [batch, 2 x width] from the states after the frozen layers."""
        states = self._run(states, mask, self.bert.encoder.layer[self.frozen :])
        real = mask.unsqueeze(-1).float()
        mean = (states * real).sum(1) / real.sum(1)
        share = (self.q(states).squeeze(-1) + (1.0 - mask.float()) * HIDDEN).softmax(-1).unsqueeze(-1)
        return torch.cat([mean, (states * share).sum(1)], -1)

    def heads(self, vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Log odds [batch] and emotion logits [batch, classes] from text vectors."""
        vectors = self.dp(vectors)
        return self.sen(vectors).squeeze(-1), self.emo(vectors)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.heads(self.upper(self.lower(ids, mask), mask))


class Exported(nn.Module):
    """The network as the artefact's contract wants it: outputs sentiment [batch, 3] and emotion [batch, classes]."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        odds, emotion = self.network(input_ids, attention_mask)
        half = odds.unsqueeze(-1) / 2
        return torch.cat([-half, torch.zeros_like(half), half], -1), emotion


def predict(
    network: Network, rows: Sequence[Sequence[int]], pad: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Log odds [rows] and emotion logits [rows, classes] of token ids, without gradients, in the rows' order."""
    order = np.argsort([len(row) for row in rows], kind="stable")
    odds = np.zeros(len(rows))
    emotion = np.zeros((len(rows), network.emo.out_features))
    with torch.no_grad():
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            first, second = network(*padded([rows[at] for at in part], pad))
            odds[part] = first.numpy()
            emotion[part] = second.numpy()
    return odds, emotion
