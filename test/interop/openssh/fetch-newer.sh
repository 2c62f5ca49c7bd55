#!/usr/bin/env bash
# Unpacks the OpenSSH client of Debian's backports into .cache/openssh, for the tests that need ML-KEM; nothing is
# installed. Does nothing where the installed ssh has it, or where it has been unpacked before.
set -euo pipefail
cd "$(dirname "$0")/../../.."

has_mlkem() { "$1" -Q kex 2>/dev/null | grep -qx mlkem768x25519-sha256; }
target=$PWD/.cache/openssh
if has_mlkem ssh || has_mlkem "$target/usr/bin/ssh"; then exit 0; fi

release=$(. /etc/os-release && echo "$VERSION_CODENAME")
# The backports stand beside the release, wherever this machine has that from.
mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $release" | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$target"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release-backports main" >"$work/sources.list"
apt() {
  apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User= "$@"
}
apt update
(cd "$work" && apt download openssh-client)
dpkg-deb --extract "$work"/openssh-client_*.deb "$target"
has_mlkem "$target/usr/bin/ssh" || { echo "the openssh-client of $release-backports has no ML-KEM" >&2; exit 1; }
