#!/usr/bin/env bash
# The main job from start to end on the repository's own sample data: set-up, build, then train a GlobalPointer span
# extractor as an ML.NET pipeline, evaluate, save, load in a fresh process, predict.
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/common.sh"
"$root/eng/setup.sh"
for sample in 02.NerGlobalPointer 03.LoadAndPredict; do build_if_changed "samples/$sample/$sample.csproj"; done

model="$root/artifacts/demo/ner.zip"
mkdir -p "$(dirname "$model")"
rm -f "$model"
say "== 1. train, evaluate, save (samples/02.NerGlobalPointer/Program.cs)"
dotnet "$(output_of 02.NerGlobalPointer)/02.NerGlobalPointer.dll" "$root/samples/data" "$model"
say "== 2. load and predict in a fresh process (samples/03.LoadAndPredict/Program.cs)"
dotnet "$(output_of 03.LoadAndPredict)/03.LoadAndPredict.dll" "$model"
say "== done. The model is $model"
