#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# verify-units.sh SERVICE SOCKET BINDIR SYSTEMD-ANALYZE: holds the units against systemd's own reading of them,
# with the program of this build, and fails on any word about them.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sed "s|@BINDIR@|$3|" "$1" > "$folder/heptadd.service"
cp "$2" "$folder/heptadd.socket"
said=$("$4" verify --man=no "$folder/heptadd.service" "$folder/heptadd.socket" 2>&1) || true
echo "$said"
! grep -q heptadd <<<"$said"
