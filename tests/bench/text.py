"""Texts a CPU-second on one core: the models that ship, against the three separate transformers the field uses.

The others are DistilBERT-base (sentiment), RoBERTa-base (emotions) and BERT-base (personality) at their published sizes
with random weights, one after the other in PyTorch, one text at a time, one thread. PyTorch is no part of the project:
name a Python that has torch and transformers with --torch-python or TIMBRE_TORCH_PYTHON. With --fp32 (or TIMBRE_FP32),
the model before quantisation, int8 is compared with it. Seconds are CPU time of the process, so that a busy machine
changes them little; what counts are the ratios of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from ml.text.artefact import Artefact
from ml.text.profiles import WORDS
from ml.text.registry import Registry
from ml.text.running import run
from ml.text.scoring import Scorer

WANTED = 25.0
OTHERS = """
import json, sys, time
import torch
from transformers import BertConfig, DistilBertConfig, RobertaConfig
from transformers import BertForSequenceClassification as Bert
from transformers import DistilBertForSequenceClassification as Distil
from transformers import RobertaForSequenceClassification as Roberta

torch.set_num_threads(1)
torch.manual_seed(1)
lengths = json.load(sys.stdin)
models = [
    Distil(DistilBertConfig(num_labels=2)).eval(),
    Roberta(RobertaConfig(vocab_size=50265, max_position_embeddings=514, type_vocab_size=1, num_labels=28)).eval(),
    Bert(BertConfig(num_labels=5)).eval(),
]
texts = [torch.randint(5, 30000, (1, length)) for length in lengths]
with torch.inference_mode():
    for model in models:
        model(input_ids=texts[0])
    began = time.process_time()
    for ids in texts:
        for model in models:
            model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits.softmax(-1)
print(json.dumps(len(texts) / (time.process_time() - began)))
"""


def reviews(number: int, seed: int = 7) -> list[str]:
    """Texts of 20 to 90 everyday English words."""
    rng = random.Random(seed)
    words = sorted(word for word in WORDS["en"] if len(word) > 1)
    return [" ".join(rng.choices(words, k=rng.randint(20, 90))) for _ in range(number)]


def rate(texts: Sequence[str], work: Callable[[], Any]) -> float:
    """Texts a CPU-second, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return len(texts) / best


def others(python: str, lengths: Sequence[int]) -> float:
    """Texts a CPU-second of the three transformers."""
    answer = subprocess.run(
        [python, "-W", "ignore", "-c", OTHERS],
        input=json.dumps(list(lengths)), capture_output=True, text=True, check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1", "TRANSFORMERS_VERBOSITY": "error"},
    )  # fmt: skip
    if answer.returncode:
        sys.exit(f"{python}: {answer.stderr.strip().splitlines()[-1:]}")
    return float(json.loads(answer.stdout))


def compared(artefact: Artefact, path: str, texts: Sequence[str]) -> float:
    """int8 over fp32 on the same texts."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    plain = Artefact(**{**vars(artefact), "session": session})
    return rate(texts, lambda: run(artefact, texts)) / rate(texts, lambda: run(plain, texts))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=120)
    parser.add_argument("--torch-python", default=os.environ.get("TIMBRE_TORCH_PYTHON"))
    parser.add_argument("--fp32", default=os.environ.get("TIMBRE_FP32"), help="the English encoder as fp32 ONNX")
    given = parser.parse_args()
    registry = Registry()
    serving = registry.serving("en", "sentiment")
    if serving is None:
        print(f"No English model: {registry.why_not('en', 'sentiment')}")
        return 1
    artefact = serving[0]
    texts = reviews(given.texts)
    lengths = [min(128, len(one.ids)) for one in artefact.tokenizer.encode_batch(texts)]
    Scorer(registry).score(texts[:3])
    print(f"{len(texts)} English texts of {sum(lengths) / len(lengths):.0f} tokens on average, one thread")
    ours = rate(texts, lambda: Scorer(registry).score(texts))
    heads = ", ".join(head for head in registry.active["en"] if registry.serving("en", head))
    print(f"{heads} ({registry.model('en')})   {ours:7.1f} texts a CPU-second")
    for batch in (1, 2, 4, 8, 32):
        speed = rate(texts, lambda batch=batch: run(artefact, texts, batch))  # type: ignore[misc]
        print(f"  {artefact.name} alone, batches of {batch:2}   {speed:7.1f}")
    if given.fp32:
        print(f"int8 against fp32   {compared(artefact, given.fp32, texts):.2f} x")
    else:
        print("int8 against fp32: not measured, the fp32 model does not ship (--fp32 FILE or TIMBRE_FP32)")
    if not given.torch_python:
        print("against three transformers: not measured, no PyTorch here (--torch-python or TIMBRE_TORCH_PYTHON)")
        return 0
    theirs = others(given.torch_python, lengths[: max(8, len(lengths) // 4)])
    print(f"DistilBERT, RoBERTa and BERT in PyTorch   {theirs:7.2f} texts a CPU-second")
    print(f"ratio   {ours / theirs:.1f} x (wanted: {WANTED:.0f} x)")
    return 0 if ours / theirs >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
