#!/bin/sh
# run.sh <source folder> <build folder>: installs the SDK into an empty prefix and builds each
# example that is a plugin against it, in a copy, so that nothing of the source tree can be seen.
set -eu
source=$1
build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --component dev --prefix "$work/prefix" > /dev/null

for example in hello_hooks storage_memory; do
  echo "== $example"
  cp -r "$source/examples/$example" "$work/$example"
  cmake -S "$work/$example" -B "$work/$example/build" -DCMAKE_BUILD_TYPE=Debug \
        -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror" \
        -DCMAKE_PREFIX_PATH="$work/prefix" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  cmake --build "$work/$example/build" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  ctest --test-dir "$work/$example/build" --output-on-failure > "$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }

  exported=$(nm -D --defined-only "$work/$example/build/$example.so" | awk '{print $3}')
  if [ "$exported" != chatd_plugin_query ]; then
    echo "$example.so exports more or less than chatd_plugin_query: $exported"
    exit 1
  fi
done
