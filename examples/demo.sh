#!/usr/bin/env bash
# Count a real election, read the same votes under another law, then publish a signed replay of it and verify that.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n$ %s\n' "$*"; "$@"; }
mkdir -p out/demo
say suffrage count examples/france-2022 --out out/france-2022
say suffrage count examples/france-2022 --contest 01-1
say suffrage compare examples/france-2022 --law france-assembly --law ussr-1937 --out out/france-2022-under-two-laws

# A key for this demo alone; its passphrase lies beside it, as it never should in an election.
if [ ! -f out/demo/replayer.key ]; then
    (umask 077 && head -c 24 /dev/urandom | base64 >out/demo/passphrase)
    say suffrage keys new out/demo/replayer.key --name "Replayer of the demo" --passphrase-file out/demo/passphrase
fi
say suffrage publish examples/france-2022 --key out/demo/replayer.key --passphrase-file out/demo/passphrase \
    --out out/france-2022-published
root=$(suffrage keys show out/demo/replayer.key | sed -n 's/ *$//; s/^fingerprint *//p' | tr -d ' ')
say suffrage verify out/france-2022-published/bundle.zip --root "$root" --statute france-assembly

printf '\nThe picture of the two laws:  %s\n' "$PWD/out/france-2022-under-two-laws/compare.svg"
printf 'Every figure as data:         %s\n' "$PWD/out/france-2022"
printf 'The published site:           %s\n' "$PWD/out/france-2022-published/results.html"
