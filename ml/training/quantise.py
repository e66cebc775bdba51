"""Dynamic int8 of an ONNX graph, and counts that show how much of it was reached. Needs onnx; no torch.

Weights a channel each with its own scale, of 7 bits: without VNNI the products of two full 8-bit numbers overflow the
16-bit sums of AVX2 (onnxruntime's documentation of `reduce_range`). Scales of the activations are taken at run time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def quantise(source: Path, target: Path) -> None:
    """Write the int8 graph of the float32 graph `source` to `target`."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(str(source))
    # Shapes noted by an exporter contradict those of the quantised nodes and stop the quantiser.
    del model.graph.value_info[:]
    quantize_dynamic(model, str(target), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)


def products(path: Path) -> dict[str, int]:
    """Products with a stored matrix in a graph: how many in `float`, how many in `int8`."""
    import onnx

    model = onnx.load(str(path))
    stored = {one.name for one in model.graph.initializer}
    counts = {"float": 0, "int8": 0}
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            counts["int8"] += 1
        elif node.op_type in ("MatMul", "Gemm") and stored.intersection(node.input):
            counts["float"] += 1
    return counts


def checked(source: Path, target: Path) -> dict[str, Any]:
    """Quantise, and raise RuntimeError unless every product with a stored matrix is int8 afterwards."""
    before = products(source)
    quantise(source, target)
    after = products(target)
    if after["float"] or after["int8"] != before["float"]:
        raise RuntimeError(f"{target}: {before['float']} products with stored matrices, of which int8: {after}")
    return {"products": after["int8"], "bytes": target.stat().st_size, "bytesFloat": source.stat().st_size}
