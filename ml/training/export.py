"""Any Hugging Face sequence classifier -> an artefact of ml/models/FORMAT.md. Needs torch, transformers, onnx.

    python -m ml.training export --model ID_OR_PATH --head sentiment|emotion|ocean --out DIR [--labels a,b,c]

Labels come from the model's own names, lower-cased and with the field's usual spellings made ours (POSITIVE or pos ->
positive; extroversion -> extraversion). Models that say only LABEL_0, LABEL_1 need `--labels` in their order: a guess
would turn good into bad. Outputs of an `ocean` model are put into the order of our traits. A foreign personality
model comes without a known error, so its interval reaches over the whole scale until its manifest says better.
Thresholds of emotions are 0.5 unless `--tune FILE` names a GoEmotions file (text, label_ids) to choose them on.

Emotions exclude each other (softmax) unless the model's configuration says that it was trained for several labels a
text; where its makers did not say so, `--activation sigmoid` does. `--language` is what the model reads, English unless
told. Without `--version` the version is the first twelve digits of the graph's SHA-256: another model of the same name
is another version, and texts are scored again.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ml.training.artefact import facts, write_manifest
from ml.training.data import SENTIMENT, TRAIT_COLUMNS
from ml.training.quantise import checked

TRAITS = tuple(TRAIT_COLUMNS)
OPSET = 17
WINDOW, OVERLAP = 128, 16
OURS = {
    "pos": "positive",
    "neg": "negative",
    "neu": "neutral",
    "extroversion": "extraversion",
}


def to_onnx(module: nn.Module, inputs: Sequence[str], outputs: Sequence[str], path: Path, vocabulary: int) -> None:
    """Write a module that takes int64 [batch, length] tensors in the order of `inputs` as float32 ONNX.

    The tracing exporter: the newer one leaves notes in the graph that quantisation cannot take.
    """
    sample = {
        "input_ids": torch.arange(16).reshape(2, 8) % vocabulary,
        "attention_mask": torch.ones(2, 8, dtype=torch.int64),
        "token_type_ids": torch.zeros(2, 8, dtype=torch.int64),
    }
    sample["attention_mask"][1, 6:] = 0
    axes: dict[str, dict[int, str]] = {name: {0: "batch", 1: "length"} for name in inputs}
    axes.update({name: {0: "batch"} for name in outputs})
    module.eval()
    with torch.no_grad(), warnings.catch_warnings():
        # That the exporter is the older one; and that a trace fixes branches, which encoders have none of by input.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", torch.jit.TracerWarning)
        # Places of tokens are never negative.
        warnings.filterwarnings("ignore", "Exporting aten::index", UserWarning)
        torch.onnx.export(
            module,
            tuple(sample[name] for name in inputs),
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )


def known_labels(names: Sequence[str], head: str) -> list[str]:
    """A model's label names as ours.

    Raises ValueError when a sentiment or personality model's names are none that we know.
    """
    made = [name.strip().lower() for name in names]
    made = [OURS.get(name, name) for name in made]
    wanted = {"sentiment": set(SENTIMENT), "ocean": set(TRAITS)}.get(head)
    if wanted is not None and not set(made) <= wanted:
        raise ValueError(f"labels {list(names)}: say with --labels which of {sorted(wanted)} each is, in this order")
    if head == "ocean" and set(made) != set(TRAITS):
        raise ValueError(f"labels {list(names)}: all five traits wanted")
    return made


class Classifier(nn.Module):
    """A classifier's logits alone, columns in the order `columns`; inputs by place."""

    def __init__(self, model: Any, inputs: Sequence[str], columns: Sequence[int]) -> None:
        super().__init__()
        self.model = model
        self.inputs = tuple(inputs)
        self.columns = list(columns)

    def forward(self, *given: torch.Tensor) -> torch.Tensor:
        logits = self.model(**dict(zip(self.inputs, given, strict=True))).logits
        return logits if self.columns == list(range(len(self.columns))) else logits[:, self.columns]


def usual_activation(head: str, problem: str | None) -> str:
    """The activation of a head by the `problem_type` of the model's configuration, which most makers leave out: then
    transformers trains a classifier for one label a text."""
    if head == "ocean":
        return "sigmoid"
    return "sigmoid" if head == "emotion" and problem == "multi_label_classification" else "softmax"


def head_facts(head: str, labels: Sequence[str], activation: str) -> dict[str, Any]:
    """The manifest's entry for a foreign model's head."""
    made: dict[str, Any] = {"output": head, "labels": list(labels), "activation": activation}
    if head == "emotion" and activation == "sigmoid":
        made["thresholds"] = dict.fromkeys(labels, 0.5)
    if head == "ocean":
        made["minWords"] = 350
        unknown = {"slope": 1.0, "intercept": 0.0, "error": 1.0, "perWord": 0.0}
        made["calibration"] = {trait: dict(unknown) for trait in labels}
    return made


def export(
    model_id: str, head: str, out: Path, names: Sequence[str] = (), version: str | None = None,
    activation: str | None = None, languages: Sequence[str] = ("en",),
) -> dict[str, Any]:  # fmt: skip
    """Write the artefact of a classifier into `out`; returns what quantisation did.

    Args:
        version, activation: None for what the graph's hash and the model's configuration say.
    """
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model: Any = AutoModelForSequenceClassification.from_pretrained(model_id, attn_implementation="eager").float()
    tokenizer: Any = AutoTokenizer.from_pretrained(model_id, use_fast=True)
    config = model.config
    own = [str(config.id2label[at]) for at in range(config.num_labels)]
    if names and len(names) != len(own):
        raise ValueError(f"--labels: {len(own)} names wanted, found {len(names)}")
    labels = known_labels(names or own, head)
    columns = [labels.index(trait) for trait in TRAITS] if head == "ocean" else list(range(len(labels)))
    inputs = ["input_ids", "attention_mask"]
    # The module decides, not the tokenizer: several tokenizers make type ids which their models do not take.
    if getattr(config, "type_vocab_size", 0) > 1:
        inputs.append("token_type_ids")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "model.onnx"
        to_onnx(Classifier(model, inputs, columns), inputs, [head], plain, int(config.vocab_size))
        done = checked(plain, out / "model.onnx")
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    longest = int(getattr(config, "max_position_embeddings", WINDOW)) - 2
    activation = activation or usual_activation(head, getattr(config, "problem_type", None))
    name = Path(model_id).name
    body = {
        "name": name,
        "version": version or facts(out / "model.onnx")["sha256"][:12],
        "languages": list(languages),
        "window": {"tokens": min(WINDOW, longest), "overlap": min(OVERLAP, longest // 8)},
        "inputs": inputs,
        "heads": {head: head_facts(head, [labels[at] for at in columns], activation)},
        "source": {"model": name, "labels": own},
        "licence": "that of the model it was made from",
        "figures": {},
    }
    write_manifest(out, ["model.onnx", "tokenizer.json"], body)
    return done


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m ml.training export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", required=True, help="folder or hub id of a sequence classifier")
    parser.add_argument("--head", required=True, choices=("sentiment", "emotion", "ocean"))
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--labels", default="", help="names of the outputs in their order, separated by commas")
    parser.add_argument("--tune", type=Path, help="GoEmotions file on which thresholds are chosen")
    parser.add_argument(
        "--activation", choices=("softmax", "sigmoid"), help="of emotions: exclusive, or several a text"
    )
    parser.add_argument("--language", default="en", help="what the model reads; several separated by commas")
    parser.add_argument("--version", help="default: from the hash of the graph")
    given = parser.parse_args(argv)
    names = [one for one in given.labels.split(",") if one]
    if given.activation and given.head != "emotion":
        parser.error("--activation: of --head emotion alone")
    languages = [one.strip() for one in given.language.split(",") if one.strip()]
    done = export(given.model, given.head, given.out, names, given.version, given.activation, languages)
    print(f"{given.out}: {done['products']} products in int8, {done['bytes']} bytes ({done['bytesFloat']} in float32)")
    if given.tune:
        from ml.training.evaluate import tune_thresholds

        tune_thresholds(given.out, given.tune)
