#!/usr/bin/env bash
# Set-up, one Release build, every test project; ends with the line `N passed, N failed`.
# ./test.sh [FILTER] runs the tests whose full name contains FILTER.
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/common.sh"
cd "$root"
"$root/eng/setup.sh"
build_if_changed MLPipelines.sln

# Threads that wait do not spin: on a machine that is busy with other work, spinning would multiply the time of every tensor operation.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
results="$root/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"
filter=()
[[ $# -eq 0 ]] || filter=(--filter "FullyQualifiedName~$1")

count() { sed -n "s/.*<Counters .*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -1; }
passed=0 failed=0 skipped=0 broken=()
for project in tests/*.Tests/*.csproj; do
    name="$(basename "$project" .csproj)"
    trx="$results/$name.trx"
    say "== $name"
    code=0
    dotnet test "$(output_of "$name")/$name.dll" --nologo "${filter[@]}" --logger "trx;LogFileName=$trx" --logger "console;verbosity=minimal" || code=$?
    if [[ ! -f "$trx" ]]; then
        [[ $# -eq 0 ]] || continue
        broken+=("$name ended with exit code $code and left no results"); failed=$((failed + 1)); continue
    fi
    project_failed=$(( $(count failed "$trx") + $(count error "$trx") + $(count timeout "$trx") + $(count aborted "$trx") ))
    passed=$((passed + $(count passed "$trx")))
    failed=$((failed + project_failed))
    skipped=$((skipped + $(count total "$trx") - $(count executed "$trx")))
    if [[ $code -ne 0 && $project_failed -eq 0 ]]; then
        broken+=("$name ended with exit code $code though no test failed (did its process crash?)"); failed=$((failed + 1))
    fi
done

for line in "${broken[@]}"; do echo "FAILED: $line"; done
grep -hoE '<UnitTestResult [^>]*outcome="Failed"' "$results"/*.trx 2>/dev/null | sed -n 's/.*testName="\([^"]*\)".*/FAILED: \1/p' || true
summary="$passed passed, $failed failed"
[[ $skipped -eq 0 ]] || summary+=", $skipped skipped"
echo "$summary"
[[ $failed -eq 0 && $passed -gt 0 ]]
