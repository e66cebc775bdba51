"""Artefacts small enough to be made in a test: a table of words with what each says, averaged over a text's tokens."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from ml.text.groups import GROUP_OF
from schema.minds import SENTIMENTS, TRAITS

LABELS = tuple(GROUP_OF)
CLASSES = ("angry", "happy", "neutral", "sad", "surprise", "fear")
CLASS_GROUPS = {
    "angry": "Frustrated", "happy": "Delighted", "neutral": "Neutral",
    "sad": "Disappointed", "surprise": "Surprised", "fear": "Worried",
}  # fmt: skip
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
GOOD = ("great", "love", "lovely", "happy", "perfect", "好", "喜", "满", "意")
BAD = ("awful", "broken", "terrible", "hate", "useless", "差", "坏", "烂", "气")
PLAIN = ("the", "it", "is", "was", "kettle", "i", "this", "a", "and", "very", "质", "量", "很", "服", "务")


def tables(labels: tuple[str, ...], strong: str, angry: str, calm: str) -> dict[str, np.ndarray]:
    """Weights [words, labels] of two heads: good words speak for `strong`, bad ones for `angry`."""
    words = [*SPECIAL, *GOOD, *BAD, *PLAIN]
    sentiment = np.zeros((len(words), 3), np.float32)
    emotion = np.full((len(words), len(labels)), -4.0, np.float32)
    for row, word in enumerate(words):
        emotion[row, labels.index(calm)] = -1.0
        if word in GOOD:
            sentiment[row], emotion[row, labels.index(strong)] = (-6, 0, 6), 40.0
        if word in BAD:
            sentiment[row], emotion[row, labels.index(angry)] = (6, 0, -6), 40.0
    return {"sentiment": sentiment, "emotion": emotion}


def traits() -> dict[str, np.ndarray]:
    words = [*SPECIAL, *GOOD, *BAD, *PLAIN]
    table = np.zeros((len(words), len(TRAITS)), np.float32)
    table[[words.index(word) for word in GOOD], 0] = 1.0
    table[[words.index(word) for word in BAD], 4] = 1.0
    return {"ocean": table}


def english_heads() -> dict[str, Any]:
    return {
        "sentiment": {"output": "sentiment", "labels": list(SENTIMENTS), "activation": "softmax"},
        "emotion": {
            "output": "emotion", "labels": list(LABELS), "activation": "sigmoid",
            "thresholds": dict.fromkeys(LABELS, 0.4),
        },
    }  # fmt: skip


def chinese_heads() -> dict[str, Any]:
    return {
        "sentiment": {"output": "sentiment", "labels": list(SENTIMENTS), "activation": "softmax"},
        "emotion": {
            "output": "emotion", "labels": list(CLASSES), "activation": "softmax",
        },
    }  # fmt: skip


def ocean_heads() -> dict[str, Any]:
    scale = {"slope": 4.0, "intercept": 0.0, "error": 0.05, "perWord": 2.0}
    return {
        "ocean": {
            "output": "ocean", "labels": list(TRAITS), "activation": "sigmoid", "minWords": 350,
            "calibration": dict.fromkeys(TRAITS, scale),
        }
    }  # fmt: skip


def write(
    folder: Path, heads: dict[str, Any], weights: dict[str, np.ndarray], languages: list[str], window: int = 32
) -> Path:
    """Write a whole artefact; logits are the mean over the real tokens of a table of `weights`."""
    folder.mkdir(parents=True)
    _model(folder / "model.onnx", weights)
    _tokenizer(folder / "tokenizer.json")
    manifest = {
        "format": 1, "name": folder.name, "version": "1", "languages": languages, "files": {},
        "window": {"tokens": window, "overlap": 4}, "inputs": ["input_ids", "attention_mask"], "heads": heads,
    }  # fmt: skip
    if languages == ["zh"]:
        manifest["groups"] = CLASS_GROUPS
    seal(folder, manifest)
    return folder


def seal(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest with the hashes of what lies beside it."""
    for path in sorted(folder.iterdir()):
        if path.name != "manifest.json":
            content = path.read_bytes()
            manifest["files"][path.name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def registry_folder(root: Path) -> Path:
    """English and Chinese with every head that exists."""
    write(root / "en", english_heads(), tables(LABELS, "joy", "anger", "neutral"), ["en"])
    write(root / "traits", ocean_heads(), traits(), ["en"])
    write(root / "zh", chinese_heads(), tables(CLASSES, "happy", "angry", "neutral"), ["zh"])
    active = {
        "en": {"sentiment": "en", "emotion": "en", "ocean": "traits"},
        "zh": {"sentiment": "zh", "emotion": "zh"},
    }
    (root / "active.json").write_text(json.dumps(active))
    return root


def _model(path: Path, weights: dict[str, np.ndarray]) -> None:
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "length"])
    last = numpy_helper.from_array(np.array([2], np.int64), "last")
    middle = numpy_helper.from_array(np.array([1], np.int64), "middle")
    nodes = [
        helper.make_node("Cast", ["attention_mask"], ["real"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["real", "last"], ["wide"]),
        helper.make_node("ReduceSum", ["wide", "middle"], ["count"], keepdims=0),
    ]
    outputs, tables_ = [], [last, middle]
    for name, table in weights.items():
        tables_.append(numpy_helper.from_array(table, f"{name}_table"))
        nodes += [
            helper.make_node("Gather", [f"{name}_table", "input_ids"], [f"{name}_rows"]),
            helper.make_node("Mul", [f"{name}_rows", "wide"], [f"{name}_masked"]),
            helper.make_node("ReduceSum", [f"{name}_masked", "middle"], [f"{name}_sum"], keepdims=0),
            helper.make_node("Div", [f"{name}_sum", "count"], [name]),
        ]
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", table.shape[1]]))
    graph = helper.make_graph(nodes, "tiny", [ids, mask], outputs, tables_)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def _tokenizer(path: Path) -> None:
    vocabulary = {word: at for at, word in enumerate([*SPECIAL, *GOOD, *BAD, *PLAIN])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])]
    )
    tokenizer.save(str(path))
