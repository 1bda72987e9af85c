#!/usr/bin/env bash
# Installs a missing PostgreSQL server on CI, as root on Debian. Elsewhere it does nothing.
set -euo pipefail
[ -n "${CI:-}" ] && [ "$(id -u)" -eq 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null || exit 0
[ -z "$(compgen -G '/usr/lib/postgresql/*/bin/initdb')" ] || exit 0
apt-get update -qq >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
