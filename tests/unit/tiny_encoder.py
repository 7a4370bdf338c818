"""A model of sentence-transformers' form with random weights, so small that training it takes no time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] yes no sure thanks bye hello please can you lower it send the price is too high"
LAYERS, WIDTH = 3, 16


def made(folder: Path) -> Path:
    """Write the model into a new folder, as sentence-transformers saves one."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    parts = folder.parent / f"{folder.name}-parts"
    vocabulary = {word: at for at, word in enumerate(WORDS.split())}
    split = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    split.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [(name, vocabulary[name]) for name in ("[CLS]", "[SEP]")]
    split.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=split, model_max_length=32, **names).save_pretrained(parts)
    torch.manual_seed(0)
    sizes = {"hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": 2, "intermediate_size": 16}
    BertModel(BertConfig(vocab_size=len(WORDS.split()), **sizes), add_pooling_layer=False).save_pretrained(parts)
    words = Transformer(str(parts), max_seq_length=32)
    SentenceTransformer(modules=[words, Pooling(WIDTH, "mean"), Normalize()], device="cpu").save_pretrained(str(folder))
    return folder


def loaded(folder: Path) -> Any:
    from workbench.engine.loading import load_encoder

    return load_encoder(str(folder))
