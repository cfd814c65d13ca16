#!/usr/bin/env bash
# Compiles the native library of the embedded TorchSharp into artifacts/native/. Quick when nothing changed.
#
#   eng/build-native.sh                    the system's libtorch (Debian package libtorch-dev), else that of python3's torch
#   eng/build-native.sh --torch DIR        a libtorch folder with include/ and lib/
#   eng/build-native.sh --python PYTHON    the libtorch inside that interpreter's torch package
#   … --output DIR                         where to put the library (default: artifacts/native)
#
# In the environment: TORCH=wheel asks for the libtorch of a Python's torch package although the system has one;
# PYTHON names that Python (default: python3).
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
source="$root/embedded/TorchSharp/native"
output="$root/artifacts/native"
torch="" python=""
[ "${TORCH:-}" != wheel ] || python="${PYTHON:-python3}"

fail() { echo "build-native: error: $*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case "$1" in
    --torch) torch="${2:?--torch needs a folder}"; shift 2 ;;
    --python) python="${2:?--python needs an interpreter}"; shift 2 ;;
    --output) output="${2:?--output needs a folder}"; shift 2 ;;
    -h|--help) sed -n '2,11p' "$0"; exit 0 ;;
    *) fail "unknown argument $1 (see --help)" ;;
  esac
done

abi=1
from_python() {
  local found
  found=$("$1" -c 'import importlib.util as u, os; s = u.find_spec("torch"); print(os.path.dirname(s.origin) if s else "")' 2>/dev/null) || return 1
  [ -n "$found" ] && [ -e "$found/lib/libtorch_cpu.so" ] && [ -d "$found/include/ATen" ] || return 1
  include="$found/include" lib="$found/lib"
  abi=$("$1" -c 'import torch; print(int(torch.compiled_with_cxx11_abi()))') || return 1
}

system_lib="/usr/lib/$(uname -m)-linux-gnu"
if [ -n "$torch" ]; then
  include="$torch/include" lib="$torch/lib"
  [ -d "$include/ATen" ] || fail "$torch has no include/ATen: not a libtorch folder"
  [ -e "$lib/libtorch_cpu.so" ] || fail "$torch has no lib/libtorch_cpu.so: not a libtorch folder"
elif [ -n "$python" ]; then
  from_python "$python" || fail "$python has no torch package with headers and libraries"
elif [ -e "$system_lib/libtorch_cpu.so" ] && [ -d /usr/include/ATen ]; then
  include=/usr/include lib="$system_lib"
else
  from_python "${PYTHON:-python3}" || fail "no libtorch found. Install it (Debian: apt-get install libtorch-dev, or run eng/setup.sh), or name one with --torch DIR or --python PYTHON"
fi

for tool in cmake g++ make; do
  command -v "$tool" > /dev/null || fail "$tool is missing (Debian: apt-get install cmake g++ make)"
done

library="$output/libmlpipelines_torch.so"
stamp="$output/libmlpipelines_torch.inputs"
inputs=$( { echo "$include $lib $abi"; ls -lL "$lib/libtorch_cpu.so"; cat "$source"/*; } | sha256sum | cut -d' ' -f1)
up_to_date() { [ -e "$library" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$inputs" ]; }
finish() { echo "build-native: $library is up to date"; exit 0; }
up_to_date && finish

build="$output/build"
mkdir -p "$build"
# Two builds at once would write the same files.
exec 9> "$output/build.lock"
flock 9
up_to_date && finish
echo "build-native: compiling against $lib"
start=$SECONDS
log="$build/build.log"
{
  cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DTORCH_INCLUDE="$include" -DTORCH_LIB="$lib" -DTORCH_CXX11_ABI="$abi" &&
  cmake --build "$build" --parallel "$(nproc)"
} > "$log" 2>&1 || { grep -E 'error|Error' "$log" | head -20 >&2; fail "the compilation failed, see $log"; }
# Renamed into place, so that a running program keeps the file it has open.
cp "$build/libmlpipelines_torch.so" "$library.new"
mv "$library.new" "$library"
echo "$inputs" > "$stamp"
echo "build-native: $library ($((SECONDS - start)) s)"
