#!/usr/bin/env bash
# Count a real election, then read the same votes under another law.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n$ %s\n' "$*"; "$@"; }
say suffrage count examples/france-2022 --out out/france-2022
say suffrage count examples/france-2022 --contest 01-1
say suffrage compare examples/france-2022 --law france-assembly --law ussr-1937 --out out/france-2022-under-two-laws
printf '\nThe picture of the two laws:  %s\n' "$PWD/out/france-2022-under-two-laws/compare.svg"
printf 'Every figure as data:         %s\n' "$PWD/out/france-2022"
