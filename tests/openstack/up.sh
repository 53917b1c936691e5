#!/bin/bash
# Brings a real OpenStack up on loopback; see README.md. `up.sh --help` lists the settings.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

missing_packages() {
    while read -r name; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)" = installed ] || echo "$name"
    done < <(cat "$here/packages.txt"; [ "${OS_VIRT:-fake}" != qemu ] || cat "$here/packages-qemu.txt")
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
        -o DPkg::Lock::Timeout=600 "$@"
}

# Debian starts what it installs, unless a policy says no.
without_starts() {
    local policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' > $policy
        chmod 755 $policy
    fi
    "$@"
}

fetch_and_install() {
    apt_install "$@" || { apt-get update -q && apt_install "$@"; }
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
    log=$(mktemp)
    # In a subshell, so that the policy is gone when it ends, however it ends.
    if ! (without_starts fetch_and_install "${missing[@]}") > "$log" 2>&1; then
        tail -n 30 "$log" >&2
        exit 1
    fi
    rm -f "$log"
    echo "packages installed in $SECONDS s"
}

case "${1:-}" in
    "") install_packages ;;
    --packages) install_packages; exit ;;
esac
cd "$here"
exec env -u PYTHONPATH -u PYTHONHOME PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m deploy.up "$@"
