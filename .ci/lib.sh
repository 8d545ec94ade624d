# Shared by the scripts of this folder. Logs lie in bin/ci.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p bin/ci
export CGO_ENABLED="${CGO_ENABLED:-0}"
failed=0

# step NAME COMMAND…: runs a command, keeps its output, and remembers a
# failure instead of ending.
step() {
  local name=$1 began=$SECONDS
  shift
  printf '== %s\n' "$name"
  if "$@" >"bin/ci/$name.log" 2>&1; then
    printf '   ok (%ss)\n' $((SECONDS - began))
  else
    failed=1
    grep -E '^\s*--- FAIL|^FAIL|^not ok|^\s+not ok|panic:|error' "bin/ci/$name.log" | head -40
    printf '   FAILED (%ss): the end of bin/ci/%s.log follows\n' $((SECONDS - began)) "$name"
    tail -n 60 "bin/ci/$name.log"
  fi
  local left
  left=$(grep -c '^NOT RUN' "bin/ci/$name.log")
  grep -m 3 '^NOT RUN' "bin/ci/$name.log"
  [ "$left" -le 3 ] || printf '   and %s more, in bin/ci/%s.log\n' $((left - 3)) "$name"
}

# tests NAME: how many tests a log of `go test -v` or of node counts.
count() {
  local passed=0 bad=0 f
  for f in bin/ci/*.log; do
    passed=$((passed + $(grep -cE '^\s*--- PASS' "$f") + $(awk '/^# pass /{n+=$3} END{print n+0}' "$f")))
    bad=$((bad + $(grep -cE '^\s*--- FAIL' "$f") + $(awk '/^# fail /{n+=$3} END{print n+0}' "$f")))
  done
  printf '%s passed, %s failed\n' "$passed" "$bad"
}

# same_tests A B: the same tests ran in both logs.
same_tests() {
  names() { grep -oE '^\s*--- (PASS|FAIL): [^ ]+' "bin/ci/$1.log" | sed 's/.*: //' | sort -u; }
  diff <(names "$1") <(names "$2")
}

# compare NAME A B: a step of that, unless the second database was not there.
compare() {
  if grep -q '^NOT RUN' "bin/ci/$3.log"; then
    not_run "$1: there is one database" | tee "bin/ci/$1.log"
  else
    step "$1" same_tests "$2" "$3"
  fi
}

not_run() { echo "NOT RUN: $*"; }
