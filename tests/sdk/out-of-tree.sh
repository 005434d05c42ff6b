#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# From an installed SDK alone: make a plugin, build it, run its tests, load it into a host that runs, call it,
# change it and load it again. Usage: out-of-tree.sh BUILD_ROOT
set -eu
build=$1
folder=$(mktemp -d)
host=
finish () {
  test -z "$host" || kill "$host" 2> /dev/null || true
  test -z "$host" || wait "$host" || true
  rm -rf "$folder"
}
trap finish EXIT
fail () {
  echo "$1" >&2
  test ! -e "$folder/host.log" || cat "$folder/host.log" >&2
  exit 1
}

# The installed files alone: pkg-config finds them below the prefix.
DESTDIR="$folder/root" meson install -C "$build" --no-rebuild --quiet > "$folder/install.log" ||
  fail "$(cat "$folder/install.log")"
pc=$(find "$folder/root" -name heptad-1.0.pc)
prefix=$(sed -n 's/^prefix=//p' "$pc")
installed="$folder/root$prefix"
sed -i "s|^prefix=.*|prefix=$installed|" "$pc"
export PKG_CONFIG_PATH="$(dirname "$pc")"
library=$(dirname "$(find "$folder/root" -name libheptad.so)")
export LD_LIBRARY_PATH="$library"
export HOME="$folder/home" XDG_CACHE_HOME="$folder/cache" XDG_DATA_HOME="$folder/data-home"
unset HEPTAD_SERVER HEPTAD_API_KEY HEPTAD_API_KEY_FILE || true
mkdir -p "$HOME" "$folder/plugins"

LD_LIBRARY_PATH="$build/sdk" "$build/core/heptadd" --data-dir "$folder/data" --listen 127.0.0.1:0 \
  --bootstrap-key-file "$folder/key" --plugin-path "$folder/plugins" --password-memory 8192 > "$folder/host.log" 2>&1 &
host=$!
for _ in $(seq 100); do
  server=$(sed -n 's/.*Listening on \(http:[^ ]*\).*/\1/p' "$folder/host.log" | head -n 1)
  test -z "$server" || break
  kill -0 "$host" 2> /dev/null || fail "The host did not start."
  sleep 0.1
done
test -n "$server" || fail "The host does not listen."
export HEPTAD_SERVER="$server" HEPTAD_API_KEY_FILE="$folder/key"
heptadctl="$installed/bin/heptadctl"

cd "$folder"
"$heptadctl" plugin new hello > made.log
"$heptadctl" plugin new hello 2> again.log && fail "A second 'plugin new' wrote over the first."
grep -q 'not empty' again.log
meson setup hello/build hello -Dwerror=true -Dbundle_dir="$folder/plugins" > setup.log || fail "$(cat setup.log)"
meson test -C hello/build > test.log || fail "$(cat test.log)"
meson install -C hello/build > install-plugin.log || fail "$(cat install-plugin.log)"

"$heptadctl" plugin load hello > load.log || fail "The plugin was not loaded."
answer=$("$heptadctl" hello get-greeting --json) || fail "The plugin does not answer."
test "$answer" = '{"greeting":"Hello, World!"}' || fail "The plugin answers $answer"
test "$("$heptadctl" hello get-greeting --name Ada)" = 'greeting  Hello, Ada!' || fail "The table is wrong."

status=0
"$heptadctl" hello get-greeting --name "" > /dev/null 2> refused.log || status=$?
test "$status" = 2 || fail "An input that is not valid ends with $status"
status=0
"$heptadctl" plugin reload nobody > /dev/null 2>&1 || status=$?
test "$status" = 3 || fail "What is not there ends with $status"
status=0
HEPTAD_API_KEY_FILE= "$heptadctl" hello get-greeting > /dev/null 2>&1 || status=$?
test "$status" = 4 || fail "A call without a key ends with $status"

sed -i 's/Hello, %s!/Good day, %s!/' hello/hello-greeting.c
meson install -C hello/build > install-plugin.log || fail "$(cat install-plugin.log)"
"$heptadctl" plugin reload hello > reload.log || fail "The plugin was not reloaded."
test "$("$heptadctl" hello get-greeting)" = 'greeting  Good day, World!' || fail "The old code still answers."

kill "$host"
wait "$host" || fail "The host did not stop well."
host=
status=0
"$heptadctl" status > /dev/null 2>&1 || status=$?
test "$status" = 5 || fail "A host that is away ends with $status"
