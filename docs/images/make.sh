#!/usr/bin/env bash
# docs/images/make.sh: makes docs/images/console.png, the README's picture, from the console as it is. It starts a worker of its own on
# free ports over a folder that it removes again, with real connectors, one of which fails, and takes the picture with Chromium.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { echo "make.sh: $*" >&2; }

browser=""
for name in chromium chromium-browser google-chrome; do
  if [[ -z $browser ]] && command -v "$name" >/dev/null; then browser=$name; fi
done
if [[ -z $browser ]]; then
  say "this needs Chromium: install the package chromium (Debian, Fedora) or set one on the PATH"
  exit 1
fi

picture=$PWD/docs/images/console.png
levada=$PWD/levada
work=$(mktemp -d)
worker=""
end() {
  if [[ -n $worker ]]; then
    kill "$worker" 2>/dev/null || true
    wait "$worker" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

# await SECONDS COMMAND...: until the command succeeds.
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS > deadline)) || ! kill -0 "$worker" 2>/dev/null; then
      say "this did not come true: $*"
      tail -n 20 "$work/worker.log" >&2
      exit 1
    fi
    sleep 0.5
  done
}

connector() { # NAME STATE KEY=VALUE...
  local name=$1 state=$2 config=""
  shift 2
  for pair in "$@"; do config+=",\"${pair%%=*}\":\"${pair#*=}\""; done
  printf '{"name":"%s","initial_state":"%s","config":{%s}}' "$name" "$state" "${config#,}" >"$work/$name.json"
  "$levada" connectors create "$work/$name.json"
}

# In its own folder, so that the files have short names.
"$levada" --version
(cd "$work" && exec "$levada" worker -o listeners=http://localhost:0 -o broker.listeners=PLAINTEXT://localhost:0 \
  -o offset.flush.interval.ms=1000) >"$work/worker.log" 2>&1 &
worker=$!
await 120 grep -q 'worker started' "$work/worker.log"
LEVADA_URL=$(sed -n 's/.*REST listens url=\([^ ]*\).*/\1/p' "$work/worker.log" | head -n 1)
export LEVADA_URL

lines="value.converter=org.apache.kafka.connect.storage.StringConverter"
source=connector.class=io.levada.connect.file.FileStreamSourceConnector
sink=connector.class=io.levada.connect.file.FileStreamSinkConnector
for ((order = 1; order <= 200; order++)); do echo "order $order"; done >"$work/orders.txt"
mkdir "$work/lake"
connector orders RUNNING "$source" tasks.max=1 file=orders.txt topic=shop.orders "$lines"
connector returns PAUSED "$source" tasks.max=1 file=returns.txt topic=shop.returns "$lines"
connector orders-to-lake RUNNING "$sink" tasks.max=1 file=lake/orders.txt topics=shop.orders "$lines"
connector orders-to-search STOPPED "$sink" tasks.max=1 file=search.txt topics=shop.orders "$lines"
await 120 grep -q 'order 200' "$work/lake/orders.txt"
# Its folder is gone by the time it runs: it fails, as it would in earnest, and is not restarted.
connector orders-to-archive RUNNING "$sink" tasks.max=1 file=archive/orders.txt topics=shop.orders "$lines" errors.restart.max=0
await 120 sh -c "'$levada' connectors list | grep -q 'orders-to-archive .*FAILED'"

"$browser" --headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run --hide-scrollbars \
  --user-data-dir="$work/browser" --window-size=1280,560 --force-device-scale-factor=1 --virtual-time-budget=10000 \
  --screenshot="$work/console.png" "$LEVADA_URL/ui/" >"$work/browser.log" 2>&1 || {
  tail -n 20 "$work/browser.log" >&2
  exit 1
}
mv "$work/console.png" "$picture"
say "wrote $picture"
