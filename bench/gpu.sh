#!/usr/bin/env bash
# MLPipelines on a machine with an NVIDIA GPU that has CUDA, cmake, g++ and a PyTorch wheel, but neither .NET SDK nor network.
#
#   bench/gpu.sh pack [FILE]            here: writes one archive (default artifacts/gpu.tar.gz) with a self-contained build of the tool and
#                                       the benchmarks, the sources of the native library, the golden vectors and the sample data
#   bench/gpu.sh run [--device cuda:0]  there, in the unpacked archive: compiles the native library against the libtorch of that PyTorch, then
#                                       runs the golden vectors, checks of what goes another way on a GPU against the CPU, a span-extraction
#                                       training run with evaluation of the saved model, and encoder throughput in float32, TF32 and bfloat16
#                                       beside the same encoder in PyTorch; with --text FILE --vocab FILE (a sentence a line; its vocabulary)
#                                       also sentence embedding beside the encoder alone and beside row by row
#
# PYTHON names the Python that has torch (default python3). `run --device cpu` works on any machine with such a PyTorch.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

pack() {
    source "$here/eng/common.sh"
    export MLPackages=embedded
    "$root/eng/setup.sh"
    local archive stage="$root/artifacts/gpu/mlpipelines" project
    archive="$(realpath -m "${1:-$root/artifacts/gpu.tar.gz}")"
    rm -rf "$stage"
    mkdir -p "$stage/app" "$stage/eng" "$stage/bench" "$stage/embedded/TorchSharp" "$stage/data"
    for project in src/Host/MLPipelines.Host bench/MLPipelines.Benchmarks; do
        say "publishing $(basename "$project") …"
        quietly "$root/artifacts/logs/publish-$(basename "$project").log" \
            dotnet publish "$root/$project" -c Release -r linux-x64 --self-contained -o "$stage/app"
    done
    # The native library belongs to the machine that it runs on.
    rm -f "$stage"/app/libmlpipelines_torch.so "$stage"/app/createdump "$stage"/app/*.pdb
    cp -r "$root/embedded/TorchSharp/native" "$stage/embedded/TorchSharp/"
    cp "$root/eng/build-native.sh" "$stage/eng/"
    cp "$root/bench/gpu.sh" "$root/bench/peer_encoder.py" "$stage/bench/"
    cp -r "$root/tests/goldens" "$root/samples/data" "$stage/data/"
    tar -C "$stage/.." -czf "$archive" mlpipelines
    say "wrote $archive: $(du -m "$archive" | cut -f1) MiB ($(du -sm "$stage" | cut -f1) MiB unpacked)"
    say "there: tar xzf $(basename "$archive") && mlpipelines/bench/gpu.sh run"
    [[ "$(stat -c %s "$archive")" -lt $((60 * 1024 * 1024)) ]] || fail "the archive is larger than 60 MiB"
}

run() {
    local device=cuda:0 python="${PYTHON:-python3}" seconds=5 text="" vocabulary="" failed=0
    while [[ $# -gt 0 ]]; do
        case "$1" in
            --device) device="$2"; shift 2 ;;
            --seconds) seconds="$2"; shift 2 ;;
            --text) text="$(realpath "$2")"; shift 2 ;;
            --vocab) vocabulary="$(realpath "$2")"; shift 2 ;;
            *) echo "unknown option $1" >&2; exit 2 ;;
        esac
    done
    [[ -z "$text" || -n "$vocabulary" ]] || { echo "--text needs --vocab" >&2; exit 2; }
    cd "$here"
    "$python" -c 'import torch; print("PyTorch", torch.__version__, "CUDA", torch.version.cuda, "devices", torch.cuda.device_count())'
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null || true

    echo "== native library, against the libtorch of this PyTorch"
    local started=$SECONDS
    PYTHON="$python" TORCH=wheel eng/build-native.sh
    cp artifacts/native/libmlpipelines_torch.so app/
    echo "built in $((SECONDS - started)) s"
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    chmod +x app/mlp app/MLPipelines.Benchmarks

    echo "== doctor"
    app/mlp doctor || true
    echo "== golden vectors on $device"
    app/MLPipelines.Benchmarks goldens --folder data/goldens --device "$device" || failed=1
    echo "== what $device computes, beside what the CPU computes"
    app/MLPipelines.Benchmarks checks --device "$device" || failed=1
    echo "== span extraction: training on $device"
    local model=(--layers 4 --hidden 256 --heads 4 --epochs 10 --lr 1e-3)
    [[ "$device" == cuda* ]] || model=(--layers 2 --hidden 128 --heads 4 --epochs 2 --lr 2e-3)
    app/mlp train ner --train data/data/train.jsonl --valid data/data/valid.jsonl "${model[@]}" --batch 32 --seed 1 --device "$device" --out artifacts/ner.zip --json || failed=1
    app/mlp evaluate artifacts/ner.zip --data data/data/valid.jsonl --json || failed=1
    echo "== encoder throughput on $device, MLPipelines beside PyTorch"
    local batch=32 precisions=(float32 bfloat16)
    [[ "$device" != cuda* ]] || { batch=256; precisions=(float32 tf32 bfloat16); }
    for size in small base; do
        for precision in "${precisions[@]}"; do
            local arguments=(--device "$device" --size "$size" --precision "$precision" --batch "$batch" --length 64 --seconds "$seconds")
            app/MLPipelines.Benchmarks encoder "${arguments[@]}" || failed=1
            "$python" bench/peer_encoder.py "${arguments[@]}" || failed=1
        done
    done
    if [[ -n "$text" ]]; then
        echo "== sentence embedding on $device"
        for precision in Float32 Bfloat16; do
            app/MLPipelines.Benchmarks embedding --text "$text" --vocab "$vocabulary" --device "$device" --batch "$batch" --precision "$precision" || failed=1
        done
    fi
    [[ $failed -eq 0 ]] && echo "== all steps passed" || { echo "== a step failed"; return 1; }
}

case "${1:-}" in
    pack) shift; pack "$@" ;;
    run) shift; run "$@" ;;
    *) sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
