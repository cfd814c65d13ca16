#!/usr/bin/env bash
# Ours beside PyTorch, and beside ONNX Runtime where it is installed, in one run: turn by turn, the median of the rounds, and the ratios.
#
#   bench/peers.sh [forward] [training] [scoring] [--sizes "small base"] [--precisions "float32 bfloat16"] [--threads N] [--seconds 3] [--rounds 3]
#
# forward, training: the encoder, batch 32 of length 64. scoring: span extraction with random weights over UNER and Snips; SCORING_DATA names their folder.
# PYTHON names the Python that has torch. ONNX Runtime takes part in `forward` if `node` finds onnxruntime-node (NODE_PATH).
# On a machine with other work, compare the columns "per processor second" of runs with --threads 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=() sizes="small base" precisions="float32 bfloat16" threads="$(nproc)" seconds=3 rounds=3
while [[ $# -gt 0 ]]; do
    case "$1" in
        forward | training | scoring) work+=("$1"); shift ;;
        --sizes) sizes="$2"; shift 2 ;;
        --precisions) precisions="$2"; shift 2 ;;
        --threads) threads="$2"; shift 2 ;;
        --seconds) seconds="$2"; shift 2 ;;
        --rounds) rounds="$2"; shift 2 ;;
        *) echo "unknown option $1" >&2; exit 2 ;;
    esac
done
[[ ${#work[@]} -gt 0 ]] || work=(forward training)
python="${PYTHON:-python3}"
"$python" -c 'import torch' 2> /dev/null || python=/usr/bin/python3
"$python" -c 'import torch; print("PyTorch", torch.__version__)'
temporary="$(mktemp -d)"
trap 'rm -rf "$temporary"' EXIT
dotnet build bench/MLPipelines.Benchmarks -c Release -v q --nologo -p:RunAnalyzers=false > "$temporary/build.log" || { cat "$temporary/build.log"; exit 1; }
ours=(dotnet "$(dotnet msbuild bench/MLPipelines.Benchmarks -p:Configuration=Release -getProperty:TargetPath)")
onnx=no
if node -e 'require("onnxruntime-node")' 2> /dev/null; then onnx=yes; else echo "ONNX Runtime: not installed here, left out"; fi

# compare RATE NAME COMMAND-FILE …: each file is a command that prints one JSON object; the first one is ours.
compare() {
    "$python" - "$rounds" "$@" << 'PYTHON'
import json, statistics, subprocess, sys
rounds, rate, title, *commands = sys.argv[1:]
results = {command: [] for command in commands}
for _ in range(int(rounds)):
    for command in commands:
        results[command].append(json.loads(subprocess.run(["bash", command], check=True, capture_output=True, text=True).stdout.splitlines()[-1]))
for unit in ("per_second", "per_processor_second"):
    medians = [statistics.median(result[f"{rate}_{unit}"] for result in results[command]) for command in commands]
    columns = "  ".join(f"{results[command][0]['program'].split(',')[0]} {median:.0f}" for command, median in zip(commands, medians))
    print(f"{title:34} {unit.replace('_', ' '):20} {columns}  ratio {'  '.join(f'{medians[0] / median:.2f}' for median in medians[1:])}", flush=True)
PYTHON
}

for kind in "${work[@]}"; do
    if [[ $kind == scoring ]]; then
        data="${SCORING_DATA:?names the folder with uner_zh/dev.jsonl, snips/validate.jsonl and vocab/}"
        for set in "uner_zh/dev chinese 3" "snips/validate uncased 39"; do
            read -r name vocabulary labels <<< "$set"
            lengths="$temporary/${name%%/*}.json"
            echo "$(printf '%q ' "${ours[@]}" scoring --data "$data/$name.jsonl" --vocab "$data/vocab/bert-base-$vocabulary-vocab.txt" --lengths "$lengths" --labels "$labels" --threads "$threads")" > "$temporary/ours"
            echo "$(printf '%q ' "$python" bench/peer_scoring.py --lengths "$lengths" --labels "$labels" --threads "$threads" --seconds "$seconds")" > "$temporary/peer"
            compare transform_rows "scoring, rows, ${name%%/*}" "$temporary/ours" "$temporary/peer"
        done
        continue
    fi
    for size in $sizes; do
        for precision in $precisions; do
            options=(--size "$size" --precision "$precision" --threads "$threads" --seconds "$seconds" --only "$kind")
            echo "$(printf '%q ' "${ours[@]}" encoder "${options[@]}")" > "$temporary/ours"
            echo "$(printf '%q ' "$python" bench/peer_encoder.py "${options[@]}")" > "$temporary/peer"
            commands=("$temporary/ours" "$temporary/peer")
            if [[ $onnx == yes && $kind == forward && $precision == float32 ]]; then
                "$python" bench/peer_encoder.py --size "$size" --onnx "$temporary/$size.onnx" 2> /dev/null
                echo "node bench/peer_onnx.js $temporary/$size.onnx --threads $threads --seconds $seconds" > "$temporary/onnx"
                commands+=("$temporary/onnx")
            fi
            compare "${kind}_tokens" "$kind, tokens, $size, $precision" "${commands[@]}"
        done
    done
done
