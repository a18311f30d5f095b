#!/bin/bash
# Makes the base image from Debian's packages and a Node binary, where no image registry can be reached.
# Usage: base-image.sh TAG NODE. Needs root and mmdebstrap. Prints the steps that take time in lines that begin with `step: `.
set -euo pipefail

tag=$1
node=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mmdebstrap --variant=minbase \
  --include=iptables,iproute2,procps,ca-certificates,libfaketime,libstdc++6 \
  --customize-hook="upload $node /usr/local/bin/node" \
  --customize-hook='chmod 755 "$1/usr/local/bin/node"' \
  --customize-hook='rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/usr/share/doc "$1"/usr/share/locale' \
  bookworm "$work/base.tar" 2>&1 | sed --unbuffered -E 's/^I: (running apt-get|downloading|extracting|installing|creating)/step: \1/'

echo "step: importing the base image into Docker"
docker import "$work/base.tar" "$tag" >/dev/null
