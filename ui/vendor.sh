#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Refreshes src/main/resources/web/vendor from npm. For developers, when a version changes; the build needs neither this nor Node.
# The files are npm's own, except that imports by package name become relative: a page without an import map can load them,
# and a page without inline script needs no exception in its Content-Security-Policy.
set -eu
cd "$(dirname "$0")"
vendor=$PWD/src/main/resources/web/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

take() { # $1 package@version, $2 file in it, $3 our name
    name=$3
    (cd "$work" && rm -rf package && tar xzf "$(npm pack --silent "$1")")
    sed -e 's#"preact/hooks"#"./preact-hooks.js"#g' -e 's#"preact"#"./preact.js"#g' \
        -e 's#"@preact/signals-core"#"./signals-core.js"#g' -e 's#//. sourceMappingURL=.*$##' "$work/package/$2" >"$vendor/$name.js"
    cp "$work/package/LICENSE" "$vendor/LICENSE.$name"
}

rm -rf "$vendor"
mkdir -p "$vendor"
take preact@11.2.0 dist/preact.mjs preact
take preact@11.2.0 hooks/dist/hooks.mjs preact-hooks
take htm@3.1.1 dist/htm.module.js htm
take @preact/signals-core@1.14.5 dist/signals-core.mjs signals-core
take @preact/signals@2.11.4 dist/signals.mjs signals
(cd "$vendor" && sha256sum ./*.js | sed 's#\./##' >SHA256SUMS)
