#!/usr/bin/env bash
# Fetches a headless Chromium with what it needs and this machine lacks from Debian's archive into a directory. Needs no root
# and installs nothing: packages are unpacked there, with lists and caches of their own.
set -euo pipefail
into=$1
mkdir -p "$into"
into=$(cd "$into" && pwd)
state=$into/apt
mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/packages"
apt=(-o "Dir::State::Lists=$state/lists" -o "Dir::Cache=$state/cache" -o APT::Sandbox::User= -o APT::Install-Recommends=false -qq)
apt-get "${apt[@]}" update
# A simulated installation lists what is not there yet, dependencies included.
packages=$(apt-get "${apt[@]}" --simulate install chromium-headless-shell fonts-dejavu-core | awk '$1 == "Inst" {print $2}')
if [ -n "$packages" ]; then
  # shellcheck disable=SC2086 # names of packages hold no spaces
  (cd "$state/packages" && apt-get "${apt[@]}" download $packages)
  for package in "$state/packages"/*.deb; do dpkg-deb --extract "$package" "$into/root"; done
fi
# Found from where they are, so that the directory can be moved.
cat > "$into/chromium" <<'EOF'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
libraries=$here/root/usr/lib/$(uname -m)-linux-gnu
export LD_LIBRARY_PATH="$libraries:$libraries/pulseaudio"
export FONTCONFIG_FILE="$here/fonts.conf"
program=$here/root/usr/lib/chromium/chromium-headless-shell
[ -x "$program" ] || program=chromium-headless-shell
exec "$program" "$@"
EOF
cat > "$into/fonts.conf" <<'EOF'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir prefix="relative">root/usr/share/fonts</dir></fontconfig>
EOF
chmod +x "$into/chromium"
rm -rf "$state"
"$into/chromium" --version
