#!/bin/sh
# Writes the addresses of this run where the page reads them, then runs what it was given.
set -eu

quoted() {
  printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"
}

cat >/usr/share/nginx/html/env.js <<EOF
window.__ENV__ = {
  VITE_API_URL: $(quoted "${VITE_API_URL:-http://localhost:8000/api}"),
  VITE_WS_URL: $(quoted "${VITE_WS_URL:-ws://localhost:8000}"),
}
EOF

exec "$@"
