#!/usr/bin/env bash
# Count a real election, read the same votes under another law, publish a signed replay of it and verify that; hold a
# sealed election in all its roles, with random ballots, and verify its archive; then hold the election of a made-up
# society online, and leave its second ballot open. DEMO="--no-stay" ends there; DEMO="--port 8001" listens elsewhere.
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

# A rehearsal plays every role on this machine; its keys are good for nothing else.
rm -rf out/sealed-board
say suffrage belenios new --rehearsal --title "Board of the society" --description "" --count 60 \
    --question examples/sealed-board/questions.toml --always Server --trustee Anna --trustee Boris --trustee Clara \
    --threshold 2 --administrator "The office" --authority "The secretary" --out out/sealed-board
say suffrage verify out/sealed-board/rehearsal/administrator/*.bel

printf '\nThe picture of the two laws:  %s\n' "$PWD/out/france-2022-under-two-laws/compare.svg"
printf 'Every figure as data:         %s\n' "$PWD/out/france-2022"
printf 'The published site:           %s\n' "$PWD/out/france-2022-published/results.html"
printf 'The sealed ballots:           %s\n' "$(ls "$PWD"/out/sealed-board/rehearsal/administrator/*.bel)"

# shellcheck disable=SC2086 # several options may stand in it
say suffrage demo ${DEMO:-}
