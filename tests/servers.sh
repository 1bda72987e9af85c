#!/usr/bin/env bash
# Installs the servers that tests start, on CI, as root on Debian. Elsewhere it does nothing: those tests say what is missing.
set -euo pipefail
[ -n "${CI:-}" ] && [ "$(id -u)" -eq 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null || exit 0
missing=
command -v nginx >/dev/null || missing="$missing nginx-light"
[ -n "$missing" ] || exit 0
apt-get update -qq >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
