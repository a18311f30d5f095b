#!/bin/bash
# Builds the node image, unless it is there already and was built from the same files. Usage: build-image.sh IMAGE
# KEELHAUL_IMAGE_BASE chooses what it is built from: `registry` (node:24-bookworm-slim) or `debian` (Debian's packages,
# by mmdebstrap, as root). Left unset: `debian` where that is possible, as it needs no image registry.
# What is done is printed in lines that begin with `step: `, for progress.
# KEELHAUL_NODE: the Node binary for `debian`. Left unset: the one that npm installed here, or else the one on the PATH.
set -euo pipefail

image=$1
here=$(cd "$(dirname "$0")" && pwd)
node=${KEELHAUL_NODE:-$(PATH=$here/../node_modules/.bin:$PATH node -p process.execPath)}
base_kind=${KEELHAUL_IMAGE_BASE:-}
if [ -z "$base_kind" ]; then
  if command -v mmdebstrap >/dev/null && [ "$(id -u)" = 0 ]; then base_kind=debian; else base_kind=registry; fi
fi

# Two runs that start together build it once. A file of this package is the lock: one in a shared temporary folder could
# be another user's. Where it cannot be locked (on NFS), both build the same image, which does no harm.
exec 9<"$here/Dockerfile"
if command -v flock >/dev/null && ! flock --nonblock 9 2>/dev/null; then
  echo "step: waiting for another build of the image"
  flock 9 2>/dev/null || true
fi

inputs=$(cat "$here/Dockerfile" "$here/base-image.sh" <(echo "$base_kind $("$node" --version)") | cksum | cut -d" " -f1)
present=$(docker image inspect --format '{{index .Config.Labels "keelhaul.inputs"}}' "$image" 2>/dev/null || true)
if [ "$present" = "$inputs" ]; then
  echo "$image is up to date"
  exit 0
fi

case $base_kind in
  registry) base=node:24-bookworm-slim ;;
  debian)
    base=keelhaul-base:$inputs
    if ! docker image inspect "$base" >/dev/null 2>&1; then
      echo "step: building the base image from Debian's packages, once: half a minute to 3 minutes"
      "$here/base-image.sh" "$base" "$node" 9>&-
    fi
    ;;
  *)
    echo "KEELHAUL_IMAGE_BASE: got $base_kind; expected registry or debian" >&2
    exit 1
    ;;
esac

echo "step: building $image from $base"
# From standard input, so that there is no build context to send.
docker build --quiet --build-arg "BASE=$base" --label "keelhaul.inputs=$inputs" --tag "$image" - <"$here/Dockerfile" >/dev/null
echo "$image built from $base"
