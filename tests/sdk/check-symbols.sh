#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The library exports what symbols.txt lists, in the version that it says, and nothing else.
# Usage: check-symbols.sh LIBRARY SYMBOLS
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

nm -D --defined-only --with-symbol-versions "$1" |
  awk '$2 == "T" { sub ("@@?", " ", $3); print $3 }' | sort > "$folder/exported"
awk '$1 == "function" { print $2, "HEPTAD_" $3 }
     $1 == "draft" { print $2, "HEPTAD_DRAFT" }
     $1 == "private" { print $2, "HEPTAD_PRIVATE" }' "$2" | sort > "$folder/listed"
test -s "$folder/exported"
diff -u "$folder/listed" "$folder/exported" || {
  echo "The library and sdk/symbols.txt differ: + is exported and not listed, - is listed and not exported." >&2
  exit 1
}
