#!/usr/bin/env bash
# Reads an account's captures and buckets from Cloudflare's API, and changes them:
#
#	ACCOUNT=ID ./pcaps.sh list | failed | unfinished | buckets | token
#	ACCOUNT=ID ./pcaps.sh stop CAPTURE | challenge | validate | remove OWNERSHIP
#
# Commands of the first line send the token in the file "token", the others the one in
# "edit-token". challenge and validate read the bucket's URI from the file "bucket", and
# validate reads the content of the challenge file from "challenge". Requires curl and jq.
set -euo pipefail

api=${CLOUDFLARE_BASE_URL:-https://api.cloudflare.com/client/v4}
account=accounts/${ACCOUNT:?set it to the account id}

# request METHOD PATH FILTER [CURL ARGUMENT...] sends the token, which ps does not show:
# curl reads it from a pipe, and printf is a builtin of the shell.
request() {
  local file=edit-token token response status
  [[ $1 != GET ]] || file=token
  token=$(cat "$file") || return
  response=$(curl -sS -m 60 -w '\n%{http_code}' -X "$1" "${@:4}" "$api/$2" \
    -K <(printf 'header = "Authorization: Bearer %s"\n' "$token")) || return
  status=${response##*$'\n'} response=${response%$'\n'*}
  if [[ $status == 2?? && -z $response ]]; then
    echo "done: HTTP $status"
  elif jq -e '.success == true' <<<"$response" >/dev/null 2>&1; then
    print "$3" <<<"$response"
  else
    LC_ALL=C tr -c '[:print:]' ' ' <<<"HTTP $status: ${response:0:300}" >&2
    echo >&2
    return 1
  fi
}

# print prints objects, one a line, without empty fields and without the query of a URI,
# which may contain keys.
print() {
  jq -c '[.result] | flatten[] | select(. != null) | '"$1"' | with_entries(select(.value | . != null and . != ""))
    | walk(strings |= gsub("(?<uri>[a-z0-9]+://[^?[:space:]]*)[?][^[:space:]]*"; .uri))' | grep . || echo "none"
}

bucket() { jq -n --rawfile bucket bucket '{destination_conf: $bucket | rtrimstr("\n")}'; }
challenge() { jq --rawfile challenge challenge '. + {ownership_challenge: $challenge | rtrimstr("\n")}'; }
post=(-H 'Content-Type: application/json' -d @-)

case ${1-} in
  list) request GET "$account/pcaps" . ;;
  failed) request GET "$account/pcaps" 'select(.status == "failed")' ;;
  unfinished) request GET "$account/pcaps" 'select(.status // "" | test("pending|running"))' ;;
  buckets) request GET "$account/pcaps/ownership" . ;;
  token) request GET "$account/tokens/verify" . 2>/dev/null || request GET user/tokens/verify . ;;
  stop) request PUT "$account/pcaps/${2:?the id of a capture}/stop" . ;;
  challenge) bucket | request POST "$account/pcaps/ownership" . "${post[@]}" ;;
  validate) bucket | challenge | request POST "$account/pcaps/ownership/validate" . "${post[@]}" ;;
  remove) request DELETE "$account/pcaps/ownership/${2:?the id of an ownership}" . ;;
  *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
