"""用 joserfc 逐条运行 tests/vectors/jws，与 Rust 库的判断比对。

Runs tests/vectors/jws with joserfc and compares: what counts is ok or refused. `ydt.py` holds the
rules of the seal, this file those of claims and keys (tests/vectors/README.md).

    vectors.py <folder of the vectors>
"""

import json
import pathlib
import re
import sys

from joserfc import jws

import ydt

SKEW_SECONDS = 120
UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
PARTICIPANT = r"[a-z][a-z0-9-]{1,31}"
USE = {
    "ydt-receipt+jwt": {"receipt"},
    "ydt-answer+jwt": {"receipt"},
    "ydt-directory+jwt": {"directory"},
    "vc+jwt": {"credential"},
}


def verify(v):
    """按一条测试向量的条件核验其输入。Verifies the input of one vector."""
    keys = {key["kid"]: key for key in v["keys"]}

    def key_of(header):
        key = keys.get(header["kid"])
        ydt.require(key, "key unknown")
        ydt.require(header["alg"] in key["alg"], "alg")
        ydt.require(ydt.in_force(key, v["now"]), "key not in force")
        if v["typ"] in USE:
            ydt.require(key["use"] in USE[v["typ"]], "key use")
        return ydt.public_key(key["jwk"])

    header, claims = ydt.open_jws(v["compact"], v["typ"], key_of)
    key = keys[header["kid"]]
    ydt.require(isinstance(claims, dict), "claims")
    ydt.require(re.fullmatch(PARTICIPANT + "#[A-Za-z0-9._-]{1,64}", header["kid"]), "kid")
    if v["typ"] == "ydt-msg+jwt":
        message(v, key, claims)
    elif v["typ"] in ("ydt-receipt+jwt", "ydt-answer+jwt"):
        reply(v, key, claims)


def text(claims, name, pattern):
    ydt.require(isinstance(claims.get(name), str), name)
    ydt.require(re.fullmatch(pattern, claims[name]), name)


def closed(value, required, optional=()):
    ydt.require(isinstance(value, dict), "an object")
    ydt.require(set(required) <= set(value) <= set(required) | set(optional), "members")


def seconds(claims, name):
    ydt.require(type(claims[name]) is int and claims[name] >= 0, name)


def message(v, key, c):
    closed(c, ("iss", "aud", "iat", "exp", "jti", "mt", "sch", "body"), ("to", "irt"))
    for name in {"iss", "aud", "to"} & set(c):
        text(c, name, PARTICIPANT)
    for name in {"jti", "irt"} & set(c):
        text(c, name, UUID7)
    text(c, "mt", r"[a-z][a-z.-]{0,47}/[1-9][0-9]{0,2}")
    closed(c["sch"], ("uri", "sha256"))
    text(c["sch"], "sha256", "[0-9a-f]{64}")
    seconds(c, "iat"), seconds(c, "exp")
    ydt.require(isinstance(c["body"], dict), "body")
    uses = {"participant/1": {"directory"}, "key/1": {"directory", "message"}}
    ydt.require(key["use"] in uses.get(c["mt"], {"message"}), "key use")
    ydt.require(c["iss"] == key["participant"] == v["peer"], "iss, kid, peer")
    ydt.require(c["aud"] == v["audience"], "aud")
    ydt.require(ydt.in_force(key, c["iat"]), "key not in force at iat")
    ydt.require(0 < c["exp"] - c["iat"] <= v["lifetime_max_seconds"], "lifetime")
    ydt.require(c["iat"] - SKEW_SECONDS <= v["now"] <= c["exp"] + SKEW_SECONDS, "time")


def reply(v, key, c):
    common = ("iss", "aud", "iat", "jti", "msg")
    if v["typ"] == "ydt-receipt+jwt":
        closed(c, (*common, "res", "log"))
        accepted = c["res"].get("outcome") == "accepted"
        ydt.require(accepted or c["res"].get("outcome") == "rejected", "outcome")
        ydt.require(accepted != ("code" in c["res"]), "code")
    else:
        closed(c, (*common, "irt", "body"), ("log", "known_at", "coverage"))
        ydt.require(c["irt"] == c["msg"]["jti"], "irt")
    ydt.require(c["iss"] == key["participant"], "iss does not own kid")
    ydt.require(c["aud"] == c["msg"]["iss"] == v["audience"], "aud")
    ydt.require(ydt.in_force(key, c["iat"]), "key not in force at iat")


def library_alone(v):
    """只靠 joserfc 默认设置：看它自己拒绝多少。What the library refuses by itself."""
    kid = json.loads(ydt.unb64url(v["compact"].split(".")[0]))["kid"]
    jwk = next(key["jwk"] for key in v["keys"] if key["kid"] == kid)
    key = ydt.OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": jwk["x"]})
    jws.deserialize_compact(v["compact"], key, algorithms=ydt.ALGORITHMS)


def taken(check, vector):
    try:
        check(vector)
        return True
    except Exception:
        return False


def main():
    vectors = []
    for file in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        vectors += json.loads(file.read_bytes())
    wrong = []
    for v in vectors:
        try:
            verify(v)
            outcome = "ok"
        except ydt.Refused as refused:
            outcome = str(refused)
        if (outcome == "ok") != (v["expect"] == "ok"):
            wrong.append(f"{v['id']}: {outcome}, expected {v['expect']}")
    good = [v for v in vectors if v["expect"] == "ok"]
    bad = [v for v in vectors if v["expect"] != "ok"]
    alone = sum(not taken(library_alone, v) for v in bad)
    print(f"# {len(good)} to take, {len(bad)} to refuse; joserfc alone refuses {alone} of these")
    for line in wrong:
        print(f"# {line}")
    verdict = "PASS" if vectors and not wrong else "FAIL"
    print(f"{verdict} vectors: {len(vectors) - len(wrong)} of {len(vectors)} JWS vectors as expected")
    sys.exit(verdict != "PASS")


main()
