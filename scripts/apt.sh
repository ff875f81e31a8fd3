# Sourced by the other scripts: `apt_install PACKAGE...` installs Debian packages, as root or with sudo.

apt_install() {
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null; then
        as_root=sudo
    else
        echo "These Debian packages are needed, and root or sudo to install them: $*" >&2
        exit 2
    fi
    $as_root apt-get update -q
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}
