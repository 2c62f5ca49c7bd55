#!/usr/bin/env bash
# Runs a black-box attack program against the test target, which the program starts, watches and restarts.
#
#   test/attack/run.sh PROGRAM [options of the program]
#
# PROGRAM is called as `PROGRAM 127.0.0.1 PORT --user U --key FILE --password P --grace S --bar --spawn COMMAND`, with the directory
# that is served (`--jail DIR --jail-dir w --sftp-dir /w`) and a file in the one that cannot be changed (`--readonly FILE`), and its
# status is ours. The user's key and the directories are made for this run alone. TARGET_OPTIONS is added to the command of the target, for
# example `--kex curve25519-sha256,mlkem768x25519-sha256`.
set -euo pipefail
program=$(realpath "$1")
shift
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/files/w" "$work/fixed"
echo "Read me." >"$work/fixed/file"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/key"

port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
grace=10
password=$(head -c 15 /dev/urandom | base64 | tr '+/' '-_')
target="exec '$PWD/node_modules/.bin/node' test/target/target.ts --port {port} --host-key '$work/host_key' \
  --authorized-keys '$work/key.pub' --user tester --password=$password --grace $grace --no-penalties \
  --sftp-root '$work/files' --sftp-readonly '$work/fixed' ${TARGET_OPTIONS:-}"

# Debian's python3-cryptography belongs to Debian's Python; another python3 may stand before it on the path.
/usr/bin/python3 "$program" 127.0.0.1 "$port" --user tester --key "$work/key" --password="$password" \
  --jail "$work/files" --jail-dir w --sftp-dir /w --readonly /readonly/file \
  --grace "$grace" --bar --spawn "$target" --spawn-log "$work/target.log" "$@" || {
  status=$?
  echo "what the target wrote last:"
  tail -n 40 "$work/target.log" 2>/dev/null || true
  exit "$status"
}
