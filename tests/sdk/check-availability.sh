#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# HEPTAD_VERSION_MAX_ALLOWED warns of what is newer than a plugin wants, and of nothing else.
# Usage: check-availability.sh GENERATOR SDK_FOLDER
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

printf 'function old_one 1.0\nfunction new_one 1.10\nprivate hidden_one\n' > "$folder/symbols.txt"
python3 "$1" header "$folder/symbols.txt" "$folder/heptad-versions.h"
python3 "$1" map "$folder/symbols.txt" "$folder/map"
cp "$2/heptad-macros.h" "$folder"
cat > "$folder/use.c" <<'C'
#include "heptad-macros.h"
HEPTAD_AVAILABLE_IN_1_0 void old_one (void);
HEPTAD_AVAILABLE_IN_1_10 void new_one (void);
void use (void);
void use (void) { old_one (); USE_NEW }
C
compile () {
  cc -Werror -fsyntax-only $(pkg-config --cflags gio-2.0) "$@" "$folder/use.c" 2> "$folder/errors"
}

compile '-DUSE_NEW=new_one ();'
compile '-DUSE_NEW=' -DHEPTAD_VERSION_MAX_ALLOWED=HEPTAD_VERSION_1_0
if compile '-DUSE_NEW=new_one ();' -DHEPTAD_VERSION_MAX_ALLOWED=HEPTAD_VERSION_1_0; then
  echo "A function of 1.10 may be used where 1.0 is the newest that is allowed." >&2
  exit 1
fi
grep -q 'Not available before 1.10' "$folder/errors"
grep -q '^} HEPTAD_1.0;' "$folder/map"
if python3 "$1" map /dev/stdin "$folder/map" 2> "$folder/errors" <<'T'
function twice 1.0
private twice
T
then
  echo "A symbol that is listed twice is taken." >&2
  exit 1
fi
grep -q ':2: twice is listed twice' "$folder/errors"
