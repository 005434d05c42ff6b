#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# headers.sh FILE…: compiles each header by itself, two at a time, and names those that do not stand alone.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
# shellcheck disable=SC2046 # the flags are words
flags=$(pkg-config --cflags gio-2.0 gio-unix-2.0 libsoup-3.0 gnutls sqlite3)
export flags

alone() {
  # shellcheck disable=SC2086
  gcc -std=gnu17 -fsyntax-only -x c -D_GNU_SOURCE -I. -Isdk -I"${HEPTAD_BUILD_ROOT:-build}/sdk" $flags "$1" 2>/dev/null && return 0
  echo "$1: it does not stand alone; include what it names"
  return 1
}
export -f alone

printf '%s\n' "$@" | xargs -P 2 -I{} bash -c 'alone {}'
