#!/bin/bash
# Makes Docker answer on a Debian machine where we are root: installs what is missing, and starts the daemon where no
# service manager does. Can be run again at any time. KEELHAUL_DOCKER_DATA: where the daemon keeps images and containers.
set -euo pipefail

if docker info >/dev/null 2>&1 && command -v mmdebstrap >/dev/null; then
  echo "docker answers already"
  exit 0
fi

missing=()
command -v dockerd >/dev/null || missing+=(docker.io)
command -v docker >/dev/null || missing+=(docker.io)
command -v iptables >/dev/null || missing+=(iptables)
command -v mmdebstrap >/dev/null || missing+=(mmdebstrap)
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
fi

if ! docker info >/dev/null 2>&1; then
  data=${KEELHAUL_DOCKER_DATA:-/var/lib/keelhaul-docker}
  mkdir -p "$data"
  # In a session of its own: the daemon outlives this script and the terminal.
  setsid dockerd -H unix:///var/run/docker.sock --data-root "$data/data" --exec-root "$data/exec" \
    --pidfile "$data/dockerd.pid" >"$data/dockerd.log" 2>&1 </dev/null &
  for _ in $(seq 60); do
    docker info >/dev/null 2>&1 && break
    sleep 1
  done
  docker info >/dev/null 2>&1 || { echo "dockerd did not answer within 60 s; see $data/dockerd.log" >&2; exit 1; }
fi
echo "docker answers"
