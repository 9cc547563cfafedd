#!/usr/bin/env bash
# The main job, shown with real commands on a simulated eUICC that lives in a file of its own. Fails as soon as
# a command does not end as it should.
set -euo pipefail
cd "$(dirname "$0")/.."

PATH=$PWD/build:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export XDG_STATE_HOME=$scratch/state

# An operator's server, made up as well. It tells on which port it is.
esimctl-sim orders | sed 's/"WITH-CODE"/"TOUR-20KB"/; s/"1234"/""/; s/With a code/Tour/' >orders.json
exec 3< <(exec esimctl-sim smdp --port 0 --orders orders.json --ca-out ca.pem 2>/dev/null)
servers=$!
trap 'kill $servers; rm -rf "$scratch"' EXIT
read -r _ port <&3

# A discovery server, with which that operator has left a profile for every card.
esimctl-sim events | sed "s/localhost:8443/localhost:$port/; s/SMALL-2KB/TOUR-20KB/" >events.json
exec 5< <(exec esimctl-sim smds --port 0 --events events.json --ca-out smds.pem 2>/dev/null)
servers="$servers $!"
read -r _ smds <&5
cat ca.pem smds.pem >both.pem

# Into a file, programs print for other programs; so a terminal is put before them, where there can be one.
terminal=none
if [[ -t 1 ]]; then
  terminal=here
elif script --quiet --return --command true /dev/null </dev/null >/dev/null 2>&1; then
  terminal=made
fi

as_a_person_sees_it() {
  if [[ $terminal != made ]]; then
    "$@" 2>&1
  else
    script --quiet --return --command "stty cols 120; NO_COLOR=1 ${*@Q}" /dev/null </dev/null |
      sed 's/^.*\r\x1B\[K//; s/\r//g' # what progress has left on the line
  fi
}

# prompt COMMAND…: shows the command, as a shell takes it.
prompt() {
  local word
  printf '\n$'
  for word; do
    [[ $word =~ ^[A-Za-z0-9._:/=-]+$ ]] || word=${word@Q}
    printf ' %s' "$word"
  done
  printf '\n'
}

# show STATUS COMMAND…: shows the command and what it prints; it must end with STATUS.
show() {
  local wanted=$1 status=0
  shift
  prompt "$@"
  as_a_person_sees_it "$@" || status=$?
  if ((status != wanted)); then
    echo "demo: status $status where $wanted was due: $*" >&2
    exit 1
  fi
  ((status == 0)) || echo "[exit status $status]"
}

# carrier NAME WORD…: starts a simulated carrier, and sets port.
carrier() {
  exec 6< <(exec esimctl-sim carrier "$@" --port 0 --ca-out "$1.pem" 2>/dev/null)
  servers="$servers $!"
  read -r _ port <&6
}

# broken_off COMMAND…: shows the command, and kills it once the card has taken a part of what it loads.
broken_off() {
  local line pid
  prompt "$@"
  exec 4< <(exec "$@" 2>/dev/null)
  pid=$!
  while read -r line <&4; do
    [[ $line == *'"event":"progress"'* ]] && break
  done
  kill -KILL "$pid"
  exec 4<&-
  printf '%s\n[killed]\n' "$line"
}

# say LINE…
say() {
  echo
  printf '# %s\n' "$@"
}

say "A made-up card with four profiles, kept in the file card.json. What is on it?"
show 0 esimctl --card sim:card.json list
say "The chip itself: its number, its memory, and whom it trusts."
show 0 esimctl --card sim:card.json info
say "An operator sends a QR code. This one is for a made-up server on this machine."
show 0 esimctl code "LPA:1\$localhost:$port\$SMALL-2KB" --png voucher.png
say "What would it install? A preview asks the server and leaves the profile there." \
  "(A real server is vouched for by the issuers that the card lists; the made-up one by ca.pem.)"
show 0 esimctl --card sim:card.json download --qr voucher.png --smdp-ca ca.pem --preview
say "Download it. Without --yes you would be asked first."
show 0 esimctl --card sim:card.json download --qr voucher.png --smdp-ca ca.pem --yes
show 0 esimctl --card sim:card.json list
say "Change over to it, by its name (or nickname, ICCID, the end of it, provider). The card is reset and asked" \
  "again, so that this is what it really does now."
show 0 esimctl --card sim:card.json enable Small
say "The power goes in the middle of a download (here the command is killed). Nothing is lost: the next command" \
  "says what became of it, the same code works again, and the journal has each step."
esimctl-sim fresh | sed 's/"ms_per_apdu": 0/"ms_per_apdu": 2/' >slow.json
broken_off esimctl --card sim:slow.json download "LPA:1\$localhost:$port\$LARGE-200KB" --smdp-ca ca.pem --yes --json
show 0 esimctl --card sim:slow.json list
show 0 esimctl --card sim:slow.json download "LPA:1\$localhost:$port\$LARGE-200KB" --smdp-ca ca.pem --yes
show 0 esimctl store journal
say "A discovery server knows what waits for the card, and discover installs it."
show 0 esimctl --card sim:other.json discover --smds "localhost:$smds" --smdp-ca both.pem
show 0 esimctl --card sim:other.json discover --smds "localhost:$smds" --smdp-ca both.pem --install 1 --yes
say "What is so already stays so, and that is a success."
show 0 esimctl --card sim:card.json enable Small
say "Without any profile there is no network: disable says so, and how to go back."
show 0 esimctl --card sim:card.json disable Small
say "A name that is not there: an error, what can be done about it, and a status for scripts."
show 3 esimctl --card sim:card.json enable Travle
say "Another card, whose operator forbids to disable its profile. The card refuses, and says why."
esimctl-sim fresh | sed '0,/"ppr1": false/s//"ppr1": true/' >locked.json
show 7 esimctl --card sim:locked.json disable Home
say "Two carriers, made up as well. An account at the first signs in with a one-time code, made from its secret; that" \
  "at the second has a key. Where no terminal is, systemd hands over the passphrase that secrets are kept under."
mkdir -m 700 credentials
printf 'demo' >credentials/esimctl
chmod 400 credentials/esimctl
export CREDENTIALS_DIRECTORY=$PWD/credentials
carrier soracom
printf 'password=correct horse\ntotp=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n' >secrets.txt
show 0 esimctl account add soracom work --set email=user@example.com --secrets secrets.txt --keep-in file \
  --host "localhost:$port" --host-ca soracom.pem
show 0 esimctl login work
show 0 esimctl usage work
# What one of its lines used is made up as well, hour by hour, until now.
esimctl-sim traffic --days 40 --leak-days 3 >use.csv
used=$(awk -F, -v month="$(date -u +%Y-%m-01)" '$1 >= month { sum += $2 } END { printf "%.0f", sum }' use.csv)
esimctl-sim carrier telnyx --fresh |
  sed "s/\"used_bytes\": [0-9]*/\"used_bytes\": $used/; s/\"limit_bytes\": [0-9]*/\"limit_bytes\": 20000000000/" >telnyx.json
carrier telnyx --state telnyx.json
printf 'api_key=KEY-simulated\n' >secrets.txt
show 0 esimctl account add telnyx home --secrets secrets.txt --host "localhost:$port" --host-ca telnyx.pem
show 0 esimctl usage home
show 0 esimctl balance
say "What was learnt stands beside the profiles; nobody is asked for it."
show 0 esimctl --card sim:card.json list --columns nickname,state,left,cap,renews,balance
say "esimctl keeps what it hears. Here the weeks before today come from a file, as they do when another machine was" \
  "used until now. Something on the line has not slept since three days."
line=6b14e151-8493-4fa1-8664-1cc4e6d14101 # as this carrier calls it; the other one has the same numbers
show 0 esimctl usage --import use.csv "$line"
show 0 esimctl usage --history --by day --since 10d "$line"
show 11 esimctl check "$line"
show 0 esimctl alarm list
show 0 esimctl usage --plot "$line"
show 0 esimctl usage --plot=use.html
say "Numbers that cards and readers answer with are explained."
show 0 esimctl explain 6985
say "For programs, every command speaks JSON."
show 0 esimctl --card sim:card.json --json=pretty show Small
