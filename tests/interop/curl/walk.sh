#!/usr/bin/env bash
# 只用 curl 与 openssl 走一遍：签名、推送、核验，并为 Go 的核验程序留下文件。
# The whole way with curl and openssl: sign, push, verify; leaves files for Go's verifier.
#
#     walk.sh <installation folder> <district> <gateway URL> <output folder> [<connector URL>]
set -euo pipefail

folder=$1 district=$2 url=$3 out=$4 connector=${5:-}
own=$folder/districts/$district
mkdir -p "$out"

pass() { echo "PASS curl: $1"; }
fail() { echo "FAIL curl: $1"; exit 1; }
# Commands that fail without a word are failures, too.
trap 'fail "line $LINENO"' ERR

# --- 工具 tools ---

b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
unb64url() {
  local text
  text=$(tr -- '-_' '+/')
  while ((${#text} % 4)); do text+='='; done
  openssl base64 -d -A <<<"$text"
}
hex() { od -An -v -tx1 | tr -d ' \n'; }
unhex() { local text; text=$(cat); printf '%b' "$(sed 's/../\\x&/g' <<<"$text")"; }
digest() { openssl dgst -sha256 -binary | hex; }
# 一个不含转义引号的字符串成员。A string member without escaped quotes in it; "" when absent.
member() { { grep -o "\"$1\":\"[^\"]*\"" || true; } | head -1 | cut -d'"' -f4; }
payload() { cut -d. -f2 | unb64url; }
uuid7() {
  local r
  r=$(openssl rand -hex 9)
  printf '%012x7%s8%s' "$(date +%s%3N)" "${r:0:3}" "${r:3:15}" |
    sed -E 's/(.{8})(.{4})(.{4})(.{4})(.{12})/\1-\2-\3-\4-\5/'
}

call() {
  curl --silent --show-error --noproxy '*' --tlsv1.3 --max-time 30 --cacert "$folder/pki/ca.pem" \
    --cert "$own/tls.pem" --key "$own/tls.key" "$@"
}

# 以 x（base64url）的公钥核验 JWS 的签名。Verifies a JWS with the public key x (base64url).
verify() {
  { unhex <<<302a300506032b6570032100; unb64url <<<"$2"; } >"$out/key.der"
  printf '%s' "${1%.*}" >"$out/input"
  printf '%s' "${1##*.}" | unb64url >"$out/signature"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$out/key.der" -rawin \
    -in "$out/input" -sigfile "$out/signature" >/dev/null
}

# 目录中某密钥的 x。x of a key of the directory, by kid.
key_x() { { grep -o "{[^{}]*\"jwk\":{[^{}]*}[^{}]*}" || true; } | grep "\"kid\":\"$1\"" | member x; }

# --- 目录 directory ---

operator=$(tr -d ' \n' <"$folder/pinned.json" | member participant)
pinned=$(tr -d ' \n' <"$folder/pinned.json" | member x)
directory=$(call --fail "$url/v1/directory" | member directory)
verify "$directory" "$pinned" || fail "the directory is not signed by the pinned key"
payload <<<"$directory" >"$out/directory.json"
pass "the directory is signed by the pinned key"

# --- 签名与推送 sign and push ---

schema=$(call --fail "$url/v1/schemas/certification/1" | digest)
jti=$(uuid7)
now=$(date +%s)
token=$(openssl rand 32 | b64url)
header='{"alg":"EdDSA","typ":"ydt-msg+jwt","kid":"'$district'#message-1"}'
body='{"record":"CN-'$jti'","revision":1,"action":"issue","subject":{"token":"'$token'","epoch":1},
  "authority":{"name":"长宁区人力资源和社会保障局","region":"310105"},
  "attestation":{"level":"issued","as_of":"2026-03-01"},
  "validity":{"from":"2026-03-01","until":"2029-02-28"},
  "scheme":"changning-talent","scheme_version":"2020","class":"C",
  "basis":{"document":"长委〔2020〕1号","article":"三"}}'
claims='{"iss":"'$district'","aud":"'$operator'","iat":'$now',"exp":'$((now + 600))',
  "jti":"'$jti'","mt":"certification/1",
  "sch":{"uri":"urn:ydt:schema:certification:1","sha256":"'$schema'"},"body":'$body'}'
printf '%s.%s' "$(printf '%s' "$header" | b64url)" "$(printf '%s' "$claims" | b64url)" >"$out/input"
openssl pkeyutl -sign -inkey "$own/keys/message.pem" -rawin -in "$out/input" -out "$out/signature"
printf '%s.%s' "$(cat "$out/input")" "$(b64url <"$out/signature")" >"$out/message"

push() {
  call --header 'content-type: application/jose' --data-binary "@$out/message" \
    --dump-header "$out/headers" "$url/v1/messages"
}
push >"$out/reply"
receipt=$(member receipt <"$out/reply")
[[ $receipt ]] || fail "no receipt: $(member code <"$out/reply")"
verify "$receipt" "$(key_x "$operator#receipt-1" <"$out/directory.json")"
payload <<<"$receipt" >"$out/receipt.json"
[[ $(member sha256 <"$out/receipt.json") == "$(digest <"$out/message")" ]]
[[ $(member outcome <"$out/receipt.json") == accepted ]]
[[ $(member aud <"$out/receipt.json") == "$district" ]]
pass "a message signed with openssl gets a receipt that is signed and about it"

push >"$out/again"
[[ $(member receipt <"$out/again") == "$receipt" ]]
grep -qi '^idempotent-replayed: true' "$out/headers"
pass "the same bytes get the identical receipt"

call "$url/v1/messages/$district/$jti" >"$out/again"
[[ $(member receipt <"$out/again") == "$receipt" ]]
[[ $(member message <"$out/again") == "$(cat "$out/message")" ]]
status=$(call --output /dev/null --write-out '%{http_code}' "$url/v1/messages/$district/$(uuid7)")
[[ $status == 404 ]]
pass "the receipt is given again by message id"

# --- 给 Go 的文件 files for Go: vkey, proof, leaf (docs/verify.md, Bytes) ---

origin=$(member origin <"$out/receipt.json")
log_key=$(key_x "$operator#log-1" <"$out/directory.json" | unb64url | hex)
key_id=$({ printf '%s\n' "$origin"; unhex <<<"01$log_key"; } | digest | cut -c1-8)
printf '%s+%s+%s\n' "$origin" "$key_id" "$(unhex <<<"01$log_key" | openssl base64 -A)" >"$out/vkey"
printf '%b' "$(member proof <"$out/reply")" >"$out/proof"
printf '%b' "$(member proof <"$out/again")" >"$out/proof-again"
printf 'ydt-leaf/v1\nreceipt\n%s\n' "$(printf '%s' "$receipt" | digest)" >"$out/leaf"
call --fail "$url/log/checkpoint" >"$out/checkpoint"
