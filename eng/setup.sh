#!/usr/bin/env bash
# Prepares a machine for building MLPipelines: eng/setup.sh [--check]
# Installs what is missing, decides once which runtime the build uses (see docs/embedded-runtime.md), and builds the
# native library where it is needed. Running it again when nothing is missing takes well under a second.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

check=false
case "${1:-}" in
    '') ;;
    --check) check=true ;;
    *) say "usage: eng/setup.sh [--check]"; exit 2 ;;
esac

state="artifacts/setup"
native_inputs() { find embedded/TorchSharp eng/build-native.sh eng/setup.sh -type f \( -name '*.cpp' -o -name '*.h' -o -name '*.sh' -o -name 'CMakeLists.txt' \) -print0 | sort -z; }
fingerprint() { { native_inputs | xargs -0 sha256sum; dpkg-query -W -f='${Version}' libtorch-dev 2>/dev/null || true; ml_packages; } | sha256sum | cut -d' ' -f1; }
native_library() { find artifacts/native -maxdepth 1 -name '*.so' -print -quit 2>/dev/null; }
installed() { [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]; }

# --- nothing to do? -------------------------------------------------------------------------------------------------
if ! $check && [[ -f "$state/done" && "$(cat "$state/done")" == "$(fingerprint)" ]] &&
   { [[ "$(ml_packages)" == nuget ]] || [[ -n "$(native_library)" ]]; }; then
    exit 0
fi

# --- .NET SDK -------------------------------------------------------------------------------------------------------
sdk_major="$(sed -n 's/.*"version": "\([0-9]*\)\..*/\1/p' global.json)"
command -v dotnet >/dev/null || fail "the .NET $sdk_major SDK is missing. Install it from https://dotnet.microsoft.com/download and run this again."
sdk="$(dotnet --version 2>/dev/null)" || fail "no .NET SDK fits global.json (wanted $sdk_major.0). Found: $(dotnet --list-sdks | tr '\n' ' ')"
say "set-up: .NET SDK $sdk"

# --- what the NuGet feed serves: asked once -----------------------------------------------------------------------------
version() { sed -n "s:.*<$1 Condition[^>]*>\(.*\)</$1>.*:\1:p" Directory.Packages.props; }

# feed_serves ID=VERSION…: whether the feed has all of these packages; its answer is in $feed_answer where it has not.
feed_serves() {
    local folder package result=1
    folder="$(mktemp -d)"
    {
        # The feed is asked, not the packages that earlier builds left on this machine.
        printf '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFramework>net%s.0</TargetFramework>\n    <RestorePackagesPath>%s/packages</RestorePackagesPath>\n  </PropertyGroup>\n  <ItemGroup>\n' "$sdk_major" "$folder"
        for package in "$@"; do printf '    <PackageDownload Include="%s" Version="[%s]" />\n' "${package%%=*}" "${package#*=}"; done
        printf '  </ItemGroup>\n</Project>\n'
    } >"$folder/probe.csproj"
    if dotnet restore "$folder/probe.csproj" -v quiet >"$folder/log" 2>&1; then result=0
    # NU1101 to NU1103: no such package, no such version. Anything else is no answer, and must not be taken for a no.
    else feed_answer="$(grep -m1 -oE 'NU110[1-3]: .*' "$folder/log")" || fail "the NuGet feed could not be asked: $(grep -m1 . "$folder/log")
Mend that, or decide without asking: MLPackages=nuget or MLPackages=embedded, and JiebaDictionary=package or JiebaDictionary=none, in the environment."; fi
    rm -rf "$folder"
    return $result
}

# decide NAME VALUE: a property of every build on this machine.
decide() {
    [[ -f eng/local.props ]] || cat >eng/local.props <<'XML'
<Project>
  <!-- Written by eng/setup.sh: packages that the NuGet feed of this machine does not serve. Delete this file to have it asked again. -->
  <PropertyGroup>
  </PropertyGroup>
</Project>
XML
    sed -i "s:^  </PropertyGroup>:    <$1 Condition=\"'\$($1)' == ''\">$2</$1>\n&:" eng/local.props
    say "set-up: wrote eng/local.props: builds on this machine use $1=$2"
}

decided() { grep -qs "<$1 " eng/local.props; }

if [[ -z "${MLPackages:-}" && ! -f "$state/feed" ]] && ! decided MLPackages; then
    say "set-up: asking the NuGet feed for Microsoft.ML and TorchSharp …"
    if feed_serves "Microsoft.ML=$(version MicrosoftMLVersion)" "TorchSharp=$(version TorchSharpVersion)" "TorchSharp-cpu=$(version TorchSharpVersion)"; then
        $check || { mkdir -p "$state"; echo nuget >"$state/feed"; }
    elif $check; then
        say "set-up: not served here (${feed_answer%%. *}); set-up would switch to the embedded runtime"
        export MLPackages=embedded
    else
        say "set-up: not served here (${feed_answer%%. *})"
        decide MLPackages embedded
    fi
fi
if [[ -z "${JiebaDictionary:-}" && ! -f "$state/jieba" ]] && ! decided JiebaDictionary; then
    say "set-up: asking the NuGet feed for jieba.NET, whose dictionary cuts Chinese text into words …"
    if feed_serves "jieba.NET=$(version JiebaVersion)"; then
        $check || { mkdir -p "$state"; echo package >"$state/jieba"; }
    elif $check; then
        say "set-up: not served here (${feed_answer%%. *}); set-up would leave the dictionary out"
    else
        say "set-up: not served here (${feed_answer%%. *}); word-based vocabularies will be read by characters"
        decide JiebaDictionary none
    fi
fi
say "set-up: packages come from: $(ml_packages)"
if [[ "$(ml_packages)" == nuget ]]; then
    $check || { mkdir -p "$state"; fingerprint >"$state/done"; }
    say "set-up: nothing else is needed"
    exit 0
fi

# --- system packages (the embedded runtime is built on the system's libtorch) -----------------------------------------
missing=()
for package in g++ make cmake libtorch-dev libopenblas0-openmp; do installed "$package" || missing+=("$package"); done
if [[ -n "${TORCH_DIR:-}" ]]; then missing=(); say "set-up: TORCH_DIR is set, so the compiler and libtorch are taken as they are"; fi

if [[ ${#missing[@]} -eq 0 ]]; then
    say "set-up: system packages are all there (libtorch $(dpkg-query -W -f='${Version}' libtorch-dev 2>/dev/null || echo "of TORCH_DIR"))"
elif $check; then
    say "set-up: missing system packages: ${missing[*]}"
    exit 1
else
    command -v apt-get >/dev/null || fail "these packages are missing and there is no apt-get to install them: ${missing[*]}"
    as_root=()
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null || fail "these packages are missing: ${missing[*]}. Run as root: apt-get install -y ${missing[*]}"
        as_root=(sudo)
    fi
    say "set-up: installing with apt: ${missing[*]} (about 1 GB on disk, mostly libtorch) …"
    quietly "$root/artifacts/logs/apt.log" "${as_root[@]}" apt-get update -q
    quietly "$root/artifacts/logs/apt.log" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    say "set-up: installed ${missing[*]}"
fi

# --- native library -------------------------------------------------------------------------------------------------
if $check; then
    if [[ -z "$(native_library)" ]]; then say "set-up: the native library is not built"; exit 1; fi
    say "set-up: the native library is built"
    exit 0
fi
if [[ ! -f "$state/done" || "$(cat "$state/done")" != "$(fingerprint)" || -z "$(native_library)" ]]; then
    say "set-up: building the native library (about a minute) …"
    quietly "$root/artifacts/logs/native.log" "$root/eng/build-native.sh"
fi
mkdir -p "$state"
fingerprint >"$state/done"
say "set-up: ready"
