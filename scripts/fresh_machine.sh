#!/usr/bin/env bash
# Proves the two commands of the README where nothing is installed: makes a bare Debian 12 in a folder
# (debootstrap; needs root), clones this repository into it and times `make demo` and `make test` there.
#
#   scripts/fresh_machine.sh FOLDER [TARGET ...]     targets default to: demo test
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2; }
[ "$(id -u)" = 0 ] || { echo "fresh_machine: chroot needs root" >&2; exit 2; }
root=$1
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(demo test)

if [ ! -x "$root/usr/bin/git" ]; then
  debootstrap --variant=minbase --include=git,make,ca-certificates bookworm "$root" >/dev/null
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Certificates that this machine trusts beside Debian's (a proxy's).
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
[ ! -f "$HOME/.npmrc" ] || cp "$HOME/.npmrc" "$root/root/.npmrc"
for where in proc sys dev; do
  mountpoint -q "$root/$where" || mount --rbind "/$where" "$root/$where"
done
trap 'for where in proc sys dev; do umount -R -l "$root/$where" || true; done' EXIT

rm -rf "$root/root/gyre"
git clone -q . "$root/root/gyre"
git -C "$root/root/gyre" log -1 --format='commit %h, %s'
for target in "${targets[@]}"; do
  start=$SECONDS
  chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
    make -C /root/gyre "$target" </dev/null
  echo "make $target: $((SECONDS - start)) s"
done
