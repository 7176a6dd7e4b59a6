#!/usr/bin/env bash
# Muster beside the program written by hand, and beside other programs where they are installed.
#
#   tests/benches/compare.sh [RECORDS] [ROUNDS]      1,000,000 records and 5 rounds if nothing is said
#
# Everything runs on one file that the project's generator makes, each command once in every round, so
# that a busy machine is busy for all of them. Printed are medians of wall time, of CPU time and of peak
# memory, and the CPU time as a multiple of the program written by hand. What is found is held against
# what was planted; the script fails if a single alert is missing or too many.
#
# Others are measured if they are on the PATH: jq, and jaq (`cargo install jaq`).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

records=${1:-1000000}
rounds=${2:-5}
work=${MUSTER_BENCH_DIR:-$(mktemp -d)}
[[ -n ${MUSTER_BENCH_DIR:-} ]] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
gnu_time=$(type -P time) || { echo "GNU time is needed: apt install time" >&2; exit 2; }

cargo build --release --locked --quiet -p muster
cargo build --release --locked --quiet -p muster-tests --example limit --example workload
release=${CARGO_TARGET_DIR:-target}/release
muster=$release/muster
events=$work/events.jsonl
"$release/examples/workload" "$records" >"$events"
"$release/examples/workload" --truth "$records" >"$work/truth"
cores=$(nproc)
rules=tests/benches/five.muster

names=() commands=()
measure() {
  names+=("$1")
  commands+=("$2")
}

measure "cat" "cat"
measure "wc -l" "wc -l"
measure "five rules, by hand" "$release/examples/limit"
for threads in 1 "$cores"; do
  measure "five rules, muster, $threads threads" "$muster run $rules --threads $threads"
done
measure "filter, muster, 1 thread" "$muster run tests/benches/filter.muster --threads 1"
failed='select(.class == "auth.login" and .outcome == "failure")'
for other in jaq jq; do
  if type -P "$other" >/dev/null; then
    measure "filter, $other" "$other -c '$failed'"
  fi
done

for ((round = 0; round < rounds; round++)); do
  for place in "${!commands[@]}"; do
    "$gnu_time" -f '%e %U %S %M' -o "$work/time" \
      bash -c "exec ${commands[place]}" <"$events" >"$work/out.$place" 2>"$work/err.$place" ||
      { cat "$work/err.$place" >&2; exit 1; }
    cat "$work/time" >>"$work/times.$place"
  done
done

# Returns the rules and keys of alerts, sorted.
found() {
  if [[ $1 == *muster* ]]; then
    sed -E 's/.*"rule":"([^"]*)".*"key":\{"[^"]*":"([^"]*)"\}.*/\1\t\2/' "$2" | LC_ALL=C sort
  else
    sed -E 's/.*"rule":"([^"]*)","key":"([^"]*)".*/\1\t\2/' "$2" | LC_ALL=C sort
  fi
}

for place in "${!names[@]}"; do
  if [[ ${names[place]} == five* ]]; then
    found "${names[place]}" "$work/out.$place" >"$work/found"
    LC_ALL=C sort "$work/truth" | diff - "$work/found" >"$work/difference" ||
      { echo "${names[place]}: not what was planted" >&2; head "$work/difference" >&2; exit 1; }
  fi
done

# Prints the median of a column; the second and third are added up.
median() {
  awk -v column="$1" '{ print (column == 2 ? $2 + $3 : $column) }' "$2" | sort -n |
    awk '{ values[NR] = $1 } END { print values[int((NR + 1) / 2)] }'
}

lines=$(wc -l <"$events")
bytes=$(stat -c %s "$events")
echo "$lines records, $((bytes / 1000000)) MB, $(wc -l <"$work/truth") planted, all found; medians of $rounds rounds"
echo
echo "| command | wall s | CPU s | events/s | MB/s | peak MiB | CPU / by hand |"
echo "|---|---|---|---|---|---|---|"
limit=$(median 2 "$work/times.2")
for place in "${!names[@]}"; do
  wall=$(median 1 "$work/times.$place") cpu=$(median 2 "$work/times.$place")
  peak=$(median 4 "$work/times.$place")
  awk -v name="${names[place]}" -v wall="$wall" -v cpu="$cpu" -v peak="$peak" \
    -v lines="$lines" -v bytes="$bytes" -v limit="$limit" 'BEGIN {
      wall = wall > 0 ? wall : 0.01
      printf "| %s | %.2f | %.2f | %d | %d | %.0f | %.2f |\n", name, wall, cpu,
        lines / wall, bytes / wall / 1e6, peak / 1024, (limit > 0 ? cpu / limit : 0) }'
done
