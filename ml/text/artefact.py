"""Loading a text model: everything a manifest promises is checked before the first text is read.

A folder holds `manifest.json`, `model.onnx`, `tokenizer.json`, sometimes `ngrams.npz`; `ml/models/FORMAT.md` describes
them. Whatever is wrong raises `ArtefactError`, whose message names the file and the field.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.text.ngrams import Ngrams
from schema.minds import GROUPS, TRAITS

FORMAT = 1
HEADS = ("sentiment", "emotion", "ocean")
KNOWN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
Floats = npt.NDArray[np.float64]


class ArtefactError(Exception):
    """A model's folder is not what its manifest says, or its manifest is not what this code reads."""


@dataclass(frozen=True)
class Trait:
    """One trait's calibration: score = sigmoid(slope x logit + intercept), half-width of its 90 % interval
    error + per_word / sqrt(words).
    """

    slope: float
    intercept: float
    error: float
    per_word: float


@dataclass(frozen=True)
class Middle:
    """A trait's logit of the mean writer of shop texts, and what not knowing the kind of shop adds to its interval."""

    logit: float
    error: float


@dataclass(frozen=True)
class Head:
    """One output of the model and how its logits become probabilities."""

    name: str
    output: str
    labels: tuple[str, ...]
    softmax: bool
    temperature: float = 1.0
    bias: tuple[float, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    """Label to one of `schema.minds.GROUPS`, for models that do not know the 28 labels."""
    traits: tuple[Trait, ...] = ()
    reference: tuple[Middle, ...] = ()
    """Of each trait; empty where nobody measured it, and shop texts are told against what the model learned from."""
    min_words: int = 0
    ngrams: Ngrams | None = None
    ngram_weight: float = 0.0

    def calibrated(self, logits: Floats) -> Floats:
        """Logits [n, labels] over the temperature, plus the bias."""
        made: Floats = logits / self.temperature
        return made + np.asarray(self.bias) if self.bias else made

    def probabilities(self, logits: Floats) -> Floats:
        """Probabilities [n, labels] of calibrated logits."""
        if self.softmax:
            raised = np.exp(logits - logits.max(axis=1, keepdims=True))
            made: Floats = raised / raised.sum(axis=1, keepdims=True)
            return made
        return 1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60)))


@dataclass(frozen=True)
class Artefact:
    """A model ready to read; `session` is an onnxruntime.InferenceSession, `tokenizer` a tokenizers.Tokenizer."""

    folder: Path
    name: str
    version: str
    languages: tuple[str, ...]
    window: int
    overlap: int
    inputs: tuple[str, ...]
    heads: Mapping[str, Head]
    session: Any
    tokenizer: Any
    pad: int

    @property
    def id(self) -> str:
        return f"{self.name}@{self.version}"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest as written.

    Raises:
        ArtefactError: there is none, or it is of another format.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtefactError(f"{path}: cannot be read ({type(error).__name__})") from error
    except ValueError as error:
        raise ArtefactError(f"{path}: is not JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArtefactError(f"{path}: format: {FORMAT} wanted")
    return manifest


def load(folder: Path) -> Artefact:
    """Check a model's folder and load it on one thread.

    Raises:
        ArtefactError: a file's hash or size, an input, an output's name or width, a label's threshold is wrong.
    """
    from tokenizers import Tokenizer

    path = folder / "manifest.json"
    manifest = read_manifest(folder)
    _check_files(folder, manifest)
    groups = manifest.get("groups") or {}
    heads = {name: _head(folder, name, body, groups) for name, body in _map(path, manifest, "heads").items()}
    if not heads:
        raise ArtefactError(f"{path}: heads: at least one wanted")
    session = _session(folder / "model.onnx")
    inputs = _inputs(path, manifest, session)
    _check_outputs(folder / "model.onnx", heads, session)
    tokens = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(tokens))
    except Exception as error:
        raise ArtefactError(f"{tokens}: is not a tokenizer: {error}") from error
    window = _map(path, manifest, "window")
    size, overlap = int(window.get("tokens", 0)), int(window.get("overlap", 0))
    if not 8 <= size or not 0 <= overlap < size - 4:
        raise ArtefactError(f"{path}: window: tokens of 8 or more and a smaller overlap wanted")
    held = tokenizer.padding or {}
    pad = int(held.get("pad_id", _pad_id(tokenizer)))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=size, stride=overlap)
    languages = tuple(str(one) for one in manifest.get("languages") or ())
    if not languages or not manifest.get("name") or not manifest.get("version"):
        raise ArtefactError(f"{path}: name, version and languages: all three wanted")
    return Artefact(
        folder=folder,
        name=str(manifest["name"]),
        version=str(manifest["version"]),
        languages=languages,
        window=size,
        overlap=overlap,
        inputs=inputs,
        heads=heads,
        session=session,
        tokenizer=tokenizer,
        pad=pad,
    )


def _check_files(folder: Path, manifest: dict[str, Any]) -> None:
    path = folder / "manifest.json"
    files = _map(path, manifest, "files")
    for name in ("model.onnx", "tokenizer.json"):
        if name not in files:
            raise ArtefactError(f"{path}: files.{name}: missing")
    for name, told in files.items():
        file = folder / name
        if "/" in name or not file.is_file():
            raise ArtefactError(f"{file}: named in files of the manifest, and not there")
        content = file.read_bytes()
        if told.get("bytes") != len(content):
            raise ArtefactError(f"{file}: bytes: {told.get('bytes')} in the manifest, {len(content)} in the folder")
        if told.get("sha256") != hashlib.sha256(content).hexdigest():
            raise ArtefactError(f"{file}: sha256: not the file that the manifest speaks of")


def _head(folder: Path, name: str, body: Any, all_groups: dict[str, Any]) -> Head:
    path = folder / "manifest.json"
    where = f"{path}: heads.{name}"
    if name not in HEADS or not isinstance(body, dict):
        raise ArtefactError(f"{where}: one of {', '.join(HEADS)} wanted")
    labels = tuple(str(one) for one in body.get("labels") or ())
    if not labels or len(set(labels)) != len(labels):
        raise ArtefactError(f"{where}.labels: distinct names wanted")
    if name == "ocean" and labels != TRAITS:
        raise ArtefactError(f"{where}.labels: {', '.join(TRAITS)} wanted in this order")
    if name == "sentiment" and not {"negative", "positive"} <= set(labels) <= {"negative", "neutral", "positive"}:
        raise ArtefactError(f"{where}.labels: negative, (neutral,) positive wanted")
    activation = body.get("activation")
    if activation not in ("softmax", "sigmoid"):
        raise ArtefactError(f"{where}.activation: softmax or sigmoid wanted")
    bias = tuple(float(one) for one in body.get("bias") or ())
    if bias and len(bias) != len(labels):
        raise ArtefactError(f"{where}.bias: {len(labels)} numbers wanted, found {len(bias)}")
    temperature = float(body.get("temperature", 1.0))
    if not temperature > 0:
        raise ArtefactError(f"{where}.temperature: above nought wanted")
    thresholds = {str(label): float(value) for label, value in (body.get("thresholds") or {}).items()}
    if name == "emotion" and activation == "sigmoid":
        for label in labels:
            if not 0 < thresholds.get(label, 0) < 1:
                raise ArtefactError(f"{where}.thresholds.{label}: between 0 and 1 wanted")
    named = (body.get("groups") or all_groups) if name == "emotion" else {}
    groups = {str(label): str(group).lower() for label, group in named.items()}
    for label, group in groups.items():
        if label not in labels or group not in GROUPS:
            raise ArtefactError(f"{path}: groups.{label}: a label of {name}, and one of {', '.join(GROUPS)}, wanted")
    traits = _traits(where, body) if name == "ocean" else ()
    reference = _reference(where, body) if name == "ocean" else ()
    blend = body.get("ngrams")
    try:
        ngrams = Ngrams.load(folder / str(blend["file"])) if blend else None
    except (OSError, KeyError, ValueError) as error:
        raise ArtefactError(f"{where}.ngrams: {error}") from error
    if ngrams is not None and ngrams.weights.shape[1] != len(labels):
        raise ArtefactError(f"{where}.ngrams: {len(labels)} columns wanted, found {ngrams.weights.shape[1]}")
    return Head(
        name=name,
        output=str(body.get("output") or name),
        labels=labels,
        softmax=activation == "softmax",
        temperature=temperature,
        bias=bias,
        thresholds=thresholds,
        groups=groups,
        traits=traits,
        reference=reference,
        min_words=int(body.get("minWords") or 0),
        ngrams=ngrams,
        ngram_weight=float(blend["weight"]) if blend else 0.0,
    )


def _traits(where: str, body: dict[str, Any]) -> tuple[Trait, ...]:
    made = []
    for trait in TRAITS:
        told = (body.get("calibration") or {}).get(trait)
        if not isinstance(told, dict):
            raise ArtefactError(f"{where}.calibration.{trait}: missing")
        try:
            made.append(
                Trait(float(told["slope"]), float(told["intercept"]), float(told["error"]), float(told["perWord"]))
            )
        except KeyError as error:
            raise ArtefactError(f"{where}.calibration.{trait}.{error.args[0]}: missing") from error
    return tuple(made)


def _reference(where: str, body: dict[str, Any]) -> tuple[Middle, ...]:
    if "reference" not in body:
        return ()
    made = []
    for trait in TRAITS:
        try:
            told = body["reference"][trait]
            made.append(Middle(float(told["logit"]), float(told["error"])))
        except (KeyError, TypeError, ValueError) as error:
            raise ArtefactError(f"{where}.reference.{trait}: logit and error, numbers, wanted") from error
    return tuple(made)


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread an instance: functions have one core, and sums in a fixed order make scores repeatable.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ArtefactError(f"{path}: is not a model that onnxruntime loads: {error}") from error


def _inputs(path: Path, manifest: dict[str, Any], session: Any) -> tuple[str, ...]:
    wanted = tuple(str(one) for one in manifest.get("inputs") or ())
    if not wanted or wanted[0] != "input_ids" or not set(wanted) <= set(KNOWN_INPUTS):
        raise ArtefactError(f"{path}: inputs: input_ids first, then some of {', '.join(KNOWN_INPUTS[1:])} wanted")
    found = {one.name for one in session.get_inputs()}
    if found != set(wanted):
        raise ArtefactError(f"{path}: inputs: the model has {', '.join(sorted(found))}")
    return wanted


def _check_outputs(path: Path, heads: Mapping[str, Head], session: Any) -> None:
    shapes = {one.name: one.shape for one in session.get_outputs()}
    for head in heads.values():
        if head.output not in shapes:
            raise ArtefactError(f"{path}: heads.{head.name}.output: the model has no output {head.output!r}")
        width = shapes[head.output][-1] if shapes[head.output] else None
        if isinstance(width, int) and width != len(head.labels):
            raise ArtefactError(
                f"{path}: heads.{head.name}.labels: {len(head.labels)} labels, output {head.output!r} has {width}"
            )


def _pad_id(tokenizer: Any) -> int:
    for token in ("[PAD]", "<pad>"):
        found = tokenizer.token_to_id(token)
        if found is not None:
            return int(found)
    return 0


def _map(path: Path, manifest: dict[str, Any], name: str) -> dict[str, Any]:
    found = manifest.get(name)
    if not isinstance(found, dict):
        raise ArtefactError(f"{path}: {name}: missing")
    return found
