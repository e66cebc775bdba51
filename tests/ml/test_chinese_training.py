"""The Chinese text model without torch: splits, n-grams, the 4-bit file, blend, figures, the int8 tables."""

from __future__ import annotations

import gzip
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.text.ngrams import Ngrams as Served
from ml.training import chinese_data, chinese_tune, e5, ngrams
from ml.training.chinese_data import EMOTIONS, Row
from ml.training.chinese_export import rows_int8
from ml.training.chinese_measure import measure
from ml.training.metrics import softmax

GOOD = ["物流很快很满意", "质量很好推荐", "味道不错还会再来", "客服态度好", "非常满意很喜欢", "好评包装很好"]
BAD = ["质量很差坏了", "物流太慢差评", "味道难吃不会再来", "客服态度恶劣", "非常失望退货", "差评包装破损"]


@pytest.fixture(scope="module")
def sentiment() -> ngrams.Ngrams:
    return ngrams.fit_sentiment(ngrams.matrix(GOOD * 3 + BAD * 3), [1] * 18 + [0] * 18)


def test_ngrams_tell_praise_from_blame(sentiment: ngrams.Ngrams) -> None:
    logits = sentiment.logits(["很满意，质量很好", "太差了，坏了"])
    assert logits[0, 2] > logits[0, 0]
    assert logits[1, 2] < logits[1, 0]
    assert np.allclose(logits[:, 1], 0)


def test_what_training_writes_the_run_time_reads_alike(sentiment: ngrams.Ngrams, tmp_path: Path) -> None:
    sentiment.save(tmp_path / "n.npz")
    again, served = ngrams.load(tmp_path / "n.npz"), Served.load(tmp_path / "n.npz")
    for text in ["很满意", "ＡＢＣ　很差！", "", "  质量\n很好 "]:
        assert np.allclose(again.logits([text])[0], sentiment.logits([text])[0])
        assert np.allclose(served.logits(text), again.logits([text])[0])


@given(st.text(max_size=40))
def test_width_case_and_blanks_do_not_matter(text: str) -> None:
    spaced = "  " + chinese_data.uniform(text).replace(" ", " \n ") + "\t"
    assert ngrams.buckets(text).tolist() == ngrams.buckets(spaced).tolist()


def test_another_hash_is_refused(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "n.npz",
        weights=np.zeros((4, 3), np.float16),
        squares=np.zeros(4, np.float16),
        config=np.array('{"n": [1, 2], "hash": "md5", "buckets": 4, "scaling": "l2", "bias": [0, 0, 0]}'),
    )
    with pytest.raises(ValueError, match=r"n\.npz"):
        ngrams.load(tmp_path / "n.npz")


def test_a_text_is_on_one_side_only(tmp_path: Path) -> None:
    lines = ["cat,label,review"] + [f"衣服,{n % 2},很好 {n % 50}" for n in range(200)]
    (tmp_path / "r.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    rows = chinese_data.reviews(tmp_path / "r.csv.gz")
    sides: dict[str, set[bool]] = {}
    for row in rows:
        sides.setdefault(row.text, set()).add(row.dev)
    assert len(rows) == 200
    assert all(len(side) == 1 for side in sides.values())
    assert {row.dev for row in rows} == {True, False}


def test_a_wrong_label_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "p.tsv").write_text("source\tlabel\ttext\nusual\tbored\t无聊\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"p\.tsv"):
        chinese_data.posts(tmp_path / "p.tsv")


def _file(pieces: list[str], matrix: np.ndarray) -> bytes:
    """A file of e5.py's layout with one 4-bit matrix `emb.word`."""
    text = [piece.encode() for piece in pieces]
    ends = np.cumsum([0] + [len(one) for one in text]).astype("<u4")
    head = b"E5S1\x01\0\0\0" + struct.pack("<7i", matrix.shape[1], 1, 1, 4, len(pieces), 8, 1)
    head += struct.pack("<fi", 1e-12, 32) + struct.pack("<5i", len(pieces), 0, 2, 1, 3)
    head += struct.pack("<Q", int(ends[-1])) + ends.tobytes()
    head += (-np.arange(len(pieces))).astype("<f4").tobytes() + b"".join(text)
    head += struct.pack("<iI", 0, 0) + struct.pack("<i", 1)
    entry = struct.pack("<H", 8) + b"emb.word"
    body = b""
    for row in matrix:
        for block in row.reshape(-1, 32):
            scale = np.float16(np.abs(block).max() / 7 or 1)
            whole = np.clip(np.rint(block / np.float32(scale)), -8, 7).astype(np.int8) + 8
            body += scale.tobytes() + (whole[:16] | (whole[16:] << 4)).astype(np.uint8).tobytes()
    entry += struct.pack("<BIQQ", 1, matrix.size, len(head) + len(entry) + 21, len(body))
    return head + entry + body


def test_the_four_bit_file_comes_back(tmp_path: Path) -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "好", "很好", "▁很好", "差"]
    matrix = np.random.default_rng(1).normal(size=(len(pieces), 64)).astype(np.float32)
    path = tmp_path / "small.bin"
    path.write_bytes(_file(pieces, matrix))
    read = e5.read(path, sha256=None)
    assert read.pieces == pieces
    found = read.matrix("emb.word", len(pieces), 64)
    assert np.abs(found - matrix).max() <= np.abs(matrix).max() / 7 * 0.51
    assert np.array_equal(read.matrix("emb.word", len(pieces), 64, [7, 2]), found[[7, 2]])
    with pytest.raises(ValueError, match="sha256"):
        e5.read(path)


def test_pieces_left_out_do_not_change_the_cut(tmp_path: Path) -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁很好", "好", "差", "很", "unseenword"]
    path = tmp_path / "small.bin"
    path.write_bytes(_file(pieces, np.ones((len(pieces), 32), np.float32)))
    read = e5.read(path, sha256=None)
    keep = e5.prune(read, ["很好", "很好"])
    assert len(pieces) - 1 not in keep
    whole, pruned = e5.tokenizer(read, range(len(pieces))), e5.tokenizer(read, keep)
    for text in ["很好", "  很好 差", "差好很"]:
        assert whole.encode(text).tokens == pruned.encode(text).tokens
    assert pruned.encode("很好").tokens == ["<s>", "▁很好", "</s>"]


def test_the_better_model_gets_the_weight() -> None:
    rng = np.random.default_rng(2)
    gold = rng.integers(0, 2, 400)
    told = np.stack([np.where(gold == 0, 2.0, -2.0), np.where(gold == 1, 2.0, -2.0)], axis=1)
    noise = rng.normal(size=told.shape)
    assert chinese_tune.blend([chinese_tune.Part(told, noise, gold)])[0] == 0.0
    assert chinese_tune.blend([chinese_tune.Part(noise, told + noise, gold)])[0] >= 1.0


@given(st.floats(-8, 8))
def test_neutral_wins_exactly_where_neither_side_is_likely_enough(odds: float) -> None:
    shares = softmax(np.array([[-odds / 2, chinese_tune.neutral_bias(0.6), odds / 2]]))[0]
    likelier = 1 / (1 + math.exp(-abs(odds)))
    if abs(likelier - 0.6) > 1e-6:
        assert (shares.argmax() == 1) == (likelier < 0.6)
    assert (shares[2] > shares[0]) == (odds > 0) or abs(odds) < 1e-12


def test_shuffled_labels_leave_chance() -> None:
    rng = np.random.default_rng(3)
    rows = [Row(str(n), int(rng.integers(0, 6)), "usual", False) for n in range(1200)]
    shares = np.eye(6)[[row.label for row in rows]]
    assert measure(rows, shares, "zh-emotion")["macroF1"] == 1.0
    chance = measure(rows, shares, "zh-emotion", shuffle_labels=True)
    assert abs(chance["macroF1"] - 1 / 6) < 0.05
    assert set(chance["f1"]) == set(EMOTIONS)


def test_neutral_does_not_touch_accuracy() -> None:
    rows = [Row("a", 1, "x", False), Row("b", 0, "x", False), Row("c", 0, "y", False)]
    shares = np.array([[0.1, 0.7, 0.2], [0.6, 0.1, 0.3], [0.2, 0.1, 0.7]])
    found = measure(rows, shares, "zh-sentiment")
    assert found["accuracy"] == round(2 / 3, 4)
    assert found["neutral"] == round(1 / 3, 4)
    assert found["parts"]["y"] == {"n": 1, "accuracy": 0.0}


def test_tables_become_int8_rows() -> None:
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    table = np.random.default_rng(4).normal(size=(50, 16)).astype(np.float32) * np.arange(1, 51)[:, None]
    table = table.astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "ids"], ["rows"], axis=0)],
        "g",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", 16])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    assert rows_int8(model, least=100) == 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"ids": np.arange(50)})
    assert (np.abs(found - table).max(axis=1) <= np.abs(table).max(axis=1) / 127 * 0.51).all()
    assert rows_int8(model, least=100) == 0
