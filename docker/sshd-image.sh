#!/bin/bash
# Makes the image of a fresh Debian machine that runs sshd, for the tests of --backend ssh: no Node, no procps, no C library
# beyond Debian's own. Usage: sshd-image.sh TAG. Needs root and mmdebstrap. Does nothing where the image exists.
set -euo pipefail

tag=$1
if docker image inspect "$tag" >/dev/null 2>&1; then exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mmdebstrap --variant=minbase \
  --include=openssh-server,sudo,iptables,libfaketime \
  --customize-hook='rm -f "$1"/etc/ssh/ssh_host_*' \
  --customize-hook='mkdir -p "$1/run/sshd"' \
  --customize-hook='rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/usr/share/doc "$1"/usr/share/locale' \
  bookworm "$work/machine.tar" >"$work/log" 2>&1 || { tail -5 "$work/log" >&2; exit 1; }
docker import "$work/machine.tar" "$tag" >/dev/null
