#!/usr/bin/env bash
# Trains nano's vocabulary from assets/vocabulary/corpus.txt: 512 byte-pair pieces with byte fallback,
# identity normalisation, no dummy prefix, as Gemma's. Needs Debian's package `sentencepiece`.
set -euo pipefail
cd "$(dirname "$0")/../assets/vocabulary"
spm_train --input=corpus.txt --model_prefix=nano --model_type=bpe --vocab_size=512 \
  --normalization_rule_name=identity --add_dummy_prefix=false --remove_extra_whitespaces=false \
  --byte_fallback=true --split_digits=true --character_coverage=1.0 --hard_vocab_limit=false \
  --pad_id=0 --eos_id=1 --bos_id=2 --unk_id=3 --minloglevel=1
rm -f nano.vocab
