# Sourced by the scripts at the root: where things are and how to build them. Leaves `set -euo pipefail` to its caller.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say()  { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# The package source in use: the environment first, then eng/local.props, then the default of Directory.Build.props.
ml_packages() {
    if [[ -n "${MLPackages:-}" ]]; then printf '%s' "$MLPackages"
    elif [[ -f "$root/eng/local.props" ]]; then sed -n 's:.*<MLPackages[^>]*>\(.*\)</MLPackages>.*:\1:p' "$root/eng/local.props"
    else printf 'nuget'; fi
}

# Prints the folder that holds a project's Release build.
output_of() { printf '%s/artifacts/%s/bin/%s/release' "$root" "$(ml_packages)" "$1"; }

# Runs a command with its output kept in a file and shown only when it fails.
quietly() {
    local log="$1"; shift
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1; then
        grep -E 'error|warning' "$log" | sort -u | head -40 >&2 || true
        fail "'$*' failed; the whole log is in $log"
    fi
}

# Builds one project (or the solution) in Release, unless nothing that it could depend on changed since the last time.
build_if_changed() {
    local project="$1" name stamp
    name="$(basename "$project")"
    stamp="$root/artifacts/$(ml_packages)/stamps/$name"
    local watched=("$root/src" "$root/embedded" "$root/eng" "$root/Directory.Build.props" "$root/Directory.Build.targets" "$root/Directory.Packages.props")
    [[ "$project" == src/* ]] || watched+=("$root/samples" "$root/tests" "$root/bench")
    is_current() { [[ -f "$stamp" && -z "$(find "${watched[@]}" -newer "$stamp" -print -quit 2>/dev/null)" ]]; }
    if is_current; then return; fi
    mkdir -p "$(dirname "$stamp")"
    (
        # One build at a time, of whatever project: they share what they build on.
        flock 9
        if is_current; then exit; fi
        say "building $project …"
        local started; started="$(mktemp)"
        quietly "$root/artifacts/logs/build-$name.log" dotnet build "$root/$project" -c Release -v quiet -nologo 9>&- # or servers that it leaves behind hold the lock
        mv "$started" "$stamp"
    ) 9>"$(dirname "$stamp")/lock"
}
