#!/usr/bin/env bash
# Installs missing browsers on CI, as root on Debian. Elsewhere it does nothing.
set -euo pipefail
cd "$(dirname "$0")"
[ -n "${CI:-}" ] && [ "$(id -u)" -eq 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null || exit 0
missing=$(node browsers.mjs)
[ -n "$missing" ] || exit 0
apt-get update -qq >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
