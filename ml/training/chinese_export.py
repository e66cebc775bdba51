"""The trained Chinese network as an artefact's `model.onnx`: float32 export, then int8. Needs torch and onnx.

Matrices are quantised per output channel with a reduced range (7 bits: AVX2 sums pairs of products in 16 bits, which
full range overflows). The embeddings are a Gather, which onnxruntime quantises with one scale for the whole table;
they are kept as int8 with one scale a row instead (`rows_int8`), for rows differ in size.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

INPUTS = ("input_ids", "attention_mask")
OUTPUTS = ("sentiment", "emotion")


def export(network: Any, path: Path) -> None:
    """Write the network (a chinese_network.Network) as float32 ONNX, batch and length left open."""
    import torch

    from ml.training.chinese_network import Exported

    wrapped = Exported(network).eval()
    ids = torch.ones((2, 7), dtype=torch.int64)
    axes = {name: {0: "batch", 1: "length"} for name in INPUTS} | {name: {0: "batch"} for name in OUTPUTS}
    torch.onnx.export(
        wrapped,
        (ids, torch.ones_like(ids)),
        str(path),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def rows_int8(model: Any, least: int = 1 << 20) -> int:
    """Replace each float32 table of at least `least` numbers that a Gather reads by int8 rows with a scale each.

    Works on an onnx.ModelProto in place and returns how many tables it replaced. A row r becomes round(r / s) with
    s = max|r| / 127; what is read is gathered, cast and multiplied by the gathered scale.
    """
    from onnx import TensorProto, helper, numpy_helper

    tables = {one.name: one for one in model.graph.initializer}
    made = 0
    nodes = []
    for node in model.graph.node:
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or table.data_type != TensorProto.FLOAT or int(np.prod(table.dims)) < least:
            nodes.append(node)
            continue
        values = numpy_helper.to_array(table)
        scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-12).astype(np.float32) / 127
        whole = np.clip(np.rint(values / scale), -127, 127).astype(np.int8)
        name, where, out = table.name, node.input[1], node.output[0]
        model.graph.initializer.remove(table)
        model.graph.initializer.append(numpy_helper.from_array(whole, name + "_int8"))
        model.graph.initializer.append(numpy_helper.from_array(scale, name + "_scale"))
        nodes += [
            helper.make_node("Gather", [name + "_int8", where], [out + "_int8"], axis=0),
            helper.make_node("Gather", [name + "_scale", where], [out + "_scale"], axis=0),
            helper.make_node("Cast", [out + "_int8"], [out + "_whole"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [out + "_whole", out + "_scale"], [out]),
        ]
        made += 1
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return made


def quantise(source: Path, target: Path) -> dict[str, int]:
    """Write the int8 file; returns its number of int8 tables, of int8 matrix products and of bytes.

    Raises ValueError when no matrix product was quantised: the file would be float32 under a wrong name.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    between = target.with_suffix(".part")
    quantize_dynamic(
        str(source),
        str(between),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )
    model = onnx.load(str(between))
    between.unlink()
    tables = rows_int8(model)
    products = sum(node.op_type == "MatMulInteger" for node in model.graph.node)
    if not products:
        raise ValueError(f"{source}: no matrix product was quantised")
    onnx.checker.check_model(model)
    onnx.save(model, str(target))
    return {"tables": tables, "products": products, "bytes": target.stat().st_size}
