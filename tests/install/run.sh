#!/bin/sh
# run.sh <source folder> <build folder>: installs the SDK into an empty prefix and builds each
# example that is a plugin against it, in a copy, so that nothing of the source tree can be seen.
set -eu
source=$1
build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --component dev --prefix "$work/prefix" > /dev/null

cp -r "$source/examples/hello_hooks" "$source/examples/storage_memory" "$work"
# The plugin that the SDK's README shows, as it says.
block() {
  awk -v begin="\`\`\`$1" '$0 == begin {on = 1; next} /^```/ {on = 0} on' \
    "$source/plugins/sdk/README.md"
}
mkdir "$work/word_filter"
block cpp > "$work/word_filter/word_filter.cpp"
printf 'cmake_minimum_required(VERSION 3.25)\nproject(word_filter LANGUAGES CXX)\n%s\n' \
  "$(block cmake)" > "$work/word_filter/CMakeLists.txt"

for example in hello_hooks storage_memory word_filter; do
  echo "== $example"
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
