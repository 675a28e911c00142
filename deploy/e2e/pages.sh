# Runs the code of the pages on a machine, and counts the checks. Sourced by guest.sh, which works in /root.

page() { echo "/root/checkout/deploy/$1/README.md"; }

# code prints the only block of code on a page that has a text.
code() {
  text=$2 awk '/^ *```/ { if (on && index(block, ENVIRON["text"])) { printf "%s", block; n++ } on = !on; block = ""; next }
    on { block = block $0 "\n" }
    END { if (n != 1) { print n + 0 " blocks have " ENVIRON["text"] >"/dev/stderr"; exit 1 } }' "$(page "$1")" |
    tee -a "/root/code.$1"
}

# run runs a block of code: run PAGE TEXT [WHAT TO PASTE].
run() {
  local code
  code=$(code "$1" "$2")
  bash -euxc "$code" <<<"${3-}"
}

every_block_was_used() {
  local page
  check "each command of the pages was run"
  for page; do
    diff <(sort -u "/root/code.$page") <(awk '/^ *```/ { on = !on; next } on' "$(page "$page")" | sort -u)
  done
}

# explains fails unless a page has a message that a command has printed: explains PAGE MESSAGE <OUTPUT.
explains() { grep -F "$2" && grep -F "\`$2\`" "$(page "$1")"; }

check() { echo "$1" >>/root/checks; }
fails() { ! "$@" || { echo "this should fail: $*"; return 1; }; }

eventually() { within 60 "$@"; }

# within repeats a command until it succeeds: within SECONDS COMMAND.
within() {
  local end=$((SECONDS + $1))
  until "${@:2}" &>/root/attempt; do
    ((SECONDS < end)) || { echo "not so within $1 seconds: ${*:2}"; tail -n 20 /root/attempt; return 1; }
    sleep 0.2
  done
}
