"""Tiny Hugging Face models and tokenizers on disk. tests/training needs ml/training/requirements.txt (torch).

Run with an interpreter that has it: `python -m pytest tests/training`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

WORDS = "good bad kettle broke after two days fast delivery i love it never again the a and".split()


@pytest.fixture
def tiny(tmp_path: Path) -> Any:
    """A function that writes a random two-layer BERT classifier with the given labels and returns its folder."""

    def make(labels: list[str], **more: Any) -> Path:
        folder = tmp_path / "tiny"
        folder.mkdir()
        vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
        (folder / "vocab.txt").write_text("\n".join(vocabulary))
        tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"))
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=40,
            id2label=dict(enumerate(labels)),
            label2id={label: at for at, label in enumerate(labels)},
            initializer_range=0.3,
            **more,
        )
        BertForSequenceClassification(config).eval().save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return make
