#!/bin/bash
# Brings a real OpenStack up on loopback; see README.md. `up.sh --help` lists the settings.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

missing_packages() {
    while read -r name; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)" = installed ] || echo "$name"
    done < "$here/packages.txt"
}

# Debian starts what it installs, unless a policy says no.
forbid_starts() {
    [ -e /usr/sbin/policy-rc.d ] && return
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
        -o DPkg::Lock::Timeout=600 "$@"
}

install_packages() {
    local log missing
    command -v dpkg-query > /dev/null || { echo "this needs Debian or Ubuntu: there is no dpkg-query" >&2; exit 3; }
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} = 0 ] && return
    if [ "$(id -u)" != 0 ]; then
        echo "packages are missing; as root: apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 3
    fi
    echo "installing ${missing[*]}"
    forbid_starts
    log=$(mktemp)
    if ! { apt_install "${missing[@]}" || { apt-get update -q && apt_install "${missing[@]}"; }; } > "$log" 2>&1; then
        tail -n 30 "$log" >&2
        exit 1
    fi
    rm -f "$log"
    echo "packages installed in $SECONDS s"
}

case "${1:-}" in
    "" | --packages) install_packages ;;
esac
[ "${1:-}" = --packages ] && exit
[ -e /usr/sbin/policy-rc.d ] && [ -n "$(trap -p EXIT)" ] && rm -f /usr/sbin/policy-rc.d
cd "$here"
exec env -u PYTHONPATH -u PYTHONHOME PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m deploy.up "$@"
