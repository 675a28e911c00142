# Runs the command of the page, but measures each size less often. It fails if the exporter is far above its floor.
floors() {
  BENCHFLAGS=-short timeout 5m bash -c "$(awk '/^```/ { block++; next } block == 1' deploy/docs/performance.md)" >"$tmp/floors" || return
  # The bound leaves room for a busy machine, where 1.4 has been seen.
  note=$(awk -F' *[|] *' '$4 == "exporter" { print "     " $2 ", " $3 " captures: " $6 " times the floor"; found++; bad += $6 > 1.7 }
    END { exit bad || found != 3 }' "$tmp/floors") || { cat "$tmp/floors"; return 1; }
  note=$'\n'$note
}
