#!/bin/bash
# Prints the path of the Node binary to put into the offline base image: the one that this script's own PATH would run,
# which under npm scripts and npx is the Node 24 that the project pins.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
PATH=$root/node_modules/.bin:$PATH node -p process.execPath
