#!/bin/sh
# Compiles what Swift actions are linked with into the first folder, and the compiler's cache of modules into the second,
# which has to stay where it is: what is in it names its path.
set -e
mkdir -p "$1" "$2"
sources=$(cd "$(dirname "$0")" && pwd)
lib=$(cd "$1" && pwd)
modules=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
compile() {
  swiftc -O -wmo -swift-version 5 -parse-as-library -module-name "$1" -module-cache-path "$modules" -I "$lib" \
    -emit-module -emit-module-path "$lib/$1.swiftmodule" -emit-library -static -o "$lib/lib$1.a" "$sources/$1"/*.swift
}
compile StackwhiskRuntime
compile StackwhiskClient
# Fills the cache with all that an action's compilation reads.
echo 'import Foundation
import StackwhiskRuntime
import StackwhiskClient
func main(args: [String: Any]) -> [String: Any] { args }
serve(main)' > main.swift
swiftc -O -wmo -swift-version 5 -module-name Action -module-cache-path "$modules" -I "$lib" -L "$lib" -lStackwhiskRuntime -lStackwhiskClient main.swift -o exec
