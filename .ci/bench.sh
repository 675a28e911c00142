# Runs the command of the page, but measures a few sizes, because a full run takes minutes. It fails
# if the exporter is far above its floors, or if the page lacks a row.
floors() {
  local page=deploy/docs/performance.md row status=0
  BENCHFLAGS=-short timeout 5m bash -c "$(awk '/^```/ { block++; next } block == 1' $page)" >"$tmp/floors" || return
  while read -r row; do
    grep -qF "| $row |" $page || { echo "$page lacks the row $row"; status=1; }
  done < <(sed -nE 's/^\| ([^|]+) \| .*/\1/p' "$tmp/floors")
  # The bounds leave room for a busy machine, where 1.4 has been seen.
  note=$(awk -F' *[|] *' '/^\| `/ { path = $2; sub(/ by .*/, "", path); long = $4 }
    /x-floor: an ordinary exporter/ { print "     " path " of 50 captures, " $2 ": " $3; found++; bad += $3 > 1.7 }
    /x-floor: jsontext requests/ { print "     " path " of " long ", " $2 ": " $4; found++; bad += $4 > 2.5 }
    END { exit bad || found < 5 }' "$tmp/floors") || { cat "$tmp/floors"; return 1; }
  note=$'\n'$note
  return $status
}
