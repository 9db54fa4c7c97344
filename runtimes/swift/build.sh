#!/bin/sh
# Compiles what Swift actions are linked with, into the folders lib and modules of the folder given.
set -e
cd "$1"
mkdir -p lib modules
compile() {
  module=$1
  shift
  swiftc -O -wmo -swift-version 5 -parse-as-library -module-name "$module" -module-cache-path modules -I lib "$@" \
    -emit-module -emit-module-path "lib/$module.swiftmodule" -emit-library -static -o "lib/lib$module.a" "$module"/*.swift
}
compile StackwhiskRuntime
compile StackwhiskClient
# Fills the cache with all that an action's compilation reads.
echo 'import Foundation
import StackwhiskRuntime
import StackwhiskClient
func main(args: [String: Any]) -> [String: Any] { args }
serve(main)' > /tmp/main.swift
swiftc -O -wmo -swift-version 5 -module-name Action -module-cache-path "$PWD/modules" -I lib -L lib -lStackwhiskRuntime -lStackwhiskClient /tmp/main.swift -o /tmp/exec
rm /tmp/main.swift /tmp/exec
