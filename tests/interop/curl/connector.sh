#!/usr/bin/env bash
# 业务系统经前置机：普通 HTTP 与 JSON、明文证件号码，无需密钥（docs/connector.md）。
# A district's system by its connector: plain HTTP and JSON, plain identifiers, no keys at all.
#
#     connector.sh <installation folder> <district> <connector URL>
set -euo pipefail

folder=$1 district=$2 url=$3
# 虚构的号码，校验码正确。Invented, with a correct check digit (tests/vectors/identity).
number=31011819900101001X
bearer=$(awk '$2 == "window" { print $3 }' "$folder/districts/$district/operators.txt")

fail() { echo "FAIL connector: $1"; exit 1; }
pass() { echo "PASS connector: $1"; }
call() { curl --silent --show-error --noproxy '*' --max-time 30 "$@"; }
post() {
  call --header "Authorization: Bearer $bearer" --header 'Content-Type: application/json' \
    --header 'Accept-Language: en' --data "$2" "$url$1"
}
# holds <name> <reply> <pattern …>: the reply has every pattern in it.
holds() {
  local pattern
  for pattern in "${@:3}"; do
    grep -qE -- "$pattern" <<<"$2" || fail "$1: no $pattern in $2"
  done
  pass "$1"
}

for _ in {1..100}; do
  health=$(call "$url/local/v1/health") && grep -q '"knows_own_key":true' <<<"$health" && break
  sleep 0.2
done
holds "it has the signed directory and knows its own key" "$health" '"knows_own_key":true'

reply=$(call --data '{}' --header 'Content-Type: application/json' "$url/local/v1/records")
holds "nothing goes without an operator's token" "$reply" '"code":"unauthorized"'

record=CN-$(date +%s%N)
reply=$(post '/local/v1/records?wait=20' '{
  "kind": "certification",
  "person": {"document_type": "111", "number": "'$number'"},
  "certificate_number": "'"$record"'-C",
  "record": {"record": "'"$record"'", "revision": 1, "action": "issue",
    "authority": {"name": "长宁区人力资源和社会保障局", "region": "310105"},
    "attestation": {"level": "issued", "as_of": "2026-03-01"},
    "validity": {"from": "2026-03-01", "until": "2029-02-28"},
    "scheme": "changning-talent", "scheme_version": "2020", "class": "C",
    "basis": {"document": "长委〔2020〕1号", "article": "三"}}}')
holds "a plain record becomes a signed message and gets its receipt" "$reply" \
  '"outcome":"accepted"' '"receipt":"eyJ' '"proof":"c2sp.org/tlog-proof@v1'

reply=$(post '/local/v1/query' '{
  "person": {"document_type": "111", "number": "'$number'"},
  "context": {"case": "CN-0001", "purpose": "recognition",
    "legal_basis": {"document": "长委〔2020〕1号", "article": "三"}},
  "kinds": ["certification"]}')
holds "a plain question gets the record and a signed answer" "$reply" \
  '"class":"C"' '"coverage":' '"answer":"eyJ' '"proof":"c2sp.org/tlog-proof@v1'

reply=$(post '/local/v1/query' '{
  "person": {"document_type": "111", "number": "310118199001010011"},
  "context": {"case": "CN-0001", "purpose": "recognition",
    "legal_basis": {"document": "长委〔2020〕1号", "article": "三"}},
  "kinds": ["certification"]}')
holds "a number with a wrong check digit is refused at its place" "$reply" \
  '"code":"identifier-invalid"' '"pointer":"/subject/number"'
grep -q 310118199001010011 <<<"$reply" && fail "the refusal repeats the number"

if grep -rqa "$number" "$folder"; then fail "the number is in a file"; fi
pass "the number is in no file of the installation"
