#!/usr/bin/env bash
# The committed page is what its sources give, its types are sound, and it is small.
#   tests/web/bundle.sh CONSOLE_FOLDER
set -euo pipefail
cd "$1"
[ -d node_modules ] || { echo "FAILED: no node_modules; run scripts/setup.sh --all"; exit 1; }
npx svelte-check --tsconfig ./tsconfig.json --output human
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
npx vite build --outDir "$built" --emptyOutDir --logLevel warn
diff -r "$built" dist || { echo "FAILED: console/dist is not what console/src gives; run `npm run build` in console/"; exit 1; }
bytes=$(cat dist/* | wc -c)
[ "$bytes" -le 500000 ] || { echo "FAILED: the page has $bytes bytes"; exit 1; }
packed=$(for file in dist/*; do [[ $file == *three* ]] || gzip -9c "$file"; done | wc -c)
[ "$packed" -le 200000 ] || { echo "FAILED: without three.js the page has $packed bytes packed"; exit 1; }
echo "page: $bytes bytes, $packed packed"
