"""按 docs/verify.md 写成的消息与证据核验；签名用 joserfc，其余为标准库。

Messages and their verification after docs/verify.md: joserfc for signatures, the rest is the
standard library. `district.py` talks to a gateway with it, `vectors.py` runs tests/vectors/jws.
"""

import base64
import hashlib
import json
import os
import time

from joserfc import jws
from joserfc.jwk import OKPKey

ALGORITHMS = ["EdDSA", "Ed25519"]
INTEGER_MAX = 2**53 - 1
DEPTH_MAX, MEMBERS_MAX = 16, 1000


class Refused(Exception):
    """验证不通过。What was given proves nothing."""


def require(holds, why):
    if not holds:
        raise Refused(why)


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text):
    """规范 base64url：再编码须得原文。Canonical only: encoding again gives the same text."""
    data = base64.urlsafe_b64decode(text.encode("ascii") + b"==")
    require(b64url(data) == text, "base64url")
    return data


def sha256(data):
    return hashlib.sha256(data).digest()


# --- JSON ---


def read_json(data):
    """严格读取：成员不重复，只有整数。Strict: no repeated member, integers only."""

    def integer(text):
        require(text != "-0" and abs(int(text)) <= INTEGER_MAX, "number")
        return int(text)

    def refuse(_):
        raise Refused("number")

    def members(pairs):
        require(len(dict(pairs)) == len(pairs), "repeated member")
        return dict(pairs)

    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=members,
            parse_int=integer,
            parse_float=refuse,
            parse_constant=refuse,
        )
    except (ValueError, RecursionError) as error:
        raise Refused(f"JSON: {type(error).__name__}") from error
    bounded(value, 1)
    return value


def bounded(value, depth):
    if isinstance(value, str):
        require(all(map(character, value)), "text")
    if isinstance(value, (dict, list)):
        require(depth <= DEPTH_MAX and len(value) <= MEMBERS_MAX, "depth or size")
    if isinstance(value, dict):
        for name, member in value.items():
            bounded(name, depth)
            bounded(member, depth + 1)
    if isinstance(value, list):
        for item in value:
            bounded(item, depth + 1)


def character(c):
    """I-JSON (RFC 7493 §2.1)；不含 NUL。No NUL, lone surrogate or noncharacter."""
    n = ord(c)
    return n and not 0xD800 <= n <= 0xDFFF and not 0xFDD0 <= n <= 0xFDEF and n & 0xFFFE != 0xFFFE


# --- keys and signatures ---

P = 2**255 - 19
# 小阶点的 y 坐标：OpenSSL 不检查。y of the points of small order, which OpenSSL lets through.
SMALL_ORDER_Y = {0, 1, P - 1} | {
    int.from_bytes(bytes.fromhex(h), "little")
    for h in (
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
}


def public_key(jwk):
    raw = unb64url(jwk["x"])
    y = int.from_bytes(raw, "little") % 2**255
    require(jwk["kty"] == "OKP" and jwk["crv"] == "Ed25519" and len(raw) == 32, "key")
    require(y < P and y not in SMALL_ORDER_Y, "weak or non-canonical key")
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": jwk["x"]})


def open_jws(compact, typ, key_of):
    """核验紧凑 JWS，返回 (头部, 载荷)。`key_of(header)` 按 kid 从目录取公钥。

    Verifies a compact JWS and gives (header, payload). `key_of(header)` looks the public key up
    by kid, in the directory and nowhere else.
    """
    parts = compact.split(".")
    require(len(parts) == 3, "three parts")
    try:
        head, body, signature = map(unb64url, parts)
    except ValueError as error:
        raise Refused("base64url") from error
    require(len(signature) == 64, "signature of 64 bytes")
    header = read_json(head)
    require(isinstance(header, dict), "header")
    check_header(header, typ)
    key = key_of(header)
    try:
        # 类型已核对。Only what is left to the library: the signature.
        jws.deserialize_compact(compact, key, algorithms=ALGORITHMS, registry=REGISTRY)
    except Exception as error:
        raise Refused(f"signature: {type(error).__name__}") from error
    return header, read_json(body)


REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
FORBIDDEN = {"crit", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "b64", "zip"}


def check_header(header, typ):
    require(all(isinstance(header.get(m), str) for m in ("alg", "typ", "kid")), "header")
    if typ == "vc+jwt":  # 不认识的成员忽略 what is not understood is ignored (VC-JOSE-COSE)
        require(not FORBIDDEN & set(header) and header.get("cty", "vc") == "vc", "header")
    else:
        require(len(header) == 3, "a header has exactly alg, typ, kid")
    require(header["typ"] == typ, "typ")
    require(header["alg"] in ALGORITHMS, "alg")


def in_force(key, at):
    revoked = key.get("revoked_from")
    return key["nbf"] <= at < key["exp"] and (revoked is None or at < revoked)


def uuid7():
    """RFC 9562 §5.7"""
    n = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
    n = n & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62
    h = f"{n:032x}"
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


# --- the log ---


def leaf_hash(kind, compact):
    entry = f"ydt-leaf/v1\n{kind}\n{sha256(compact.encode()).hex()}\n"
    return sha256(b"\0" + entry.encode())


def check_inclusion(leaf, index, size, path, root):
    """RFC 9162 §2.1.3.2"""
    require(index < size, "index outside the tree")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        require(sn != 0, "path too long")
        if fn & 1 or fn == sn:
            r = sha256(b"\1" + p + r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\1" + r + p)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0 and r == root, "the path does not lead to the root")


def open_checkpoint(text, origin, keys):
    """检查点须由日志密钥签名，返回 (大小, 根)。Signed by a log key; gives (size, root)."""
    signed, lines = text.split("\n\n", 1)
    signed += "\n"
    name, size, root = signed.splitlines()
    require(name == origin, "another log")
    by_log = False
    for line in lines.splitlines():
        _, signer, blob = line.split(" ")
        blob = base64.b64decode(blob, validate=True)
        for key in keys if signer == origin else ():
            raw = unb64url(key["x"])
            if blob[:4] == sha256(f"{origin}\n\x01".encode() + raw)[:4]:
                verify_ed25519(key, blob[4:], signed.encode())
                by_log = True
    require(by_log, "the log did not sign")
    return int(size), base64.b64decode(root, validate=True)


def verify_ed25519(jwk, signature, data):
    from cryptography.exceptions import InvalidSignature

    try:
        public_key(jwk).public_key.verify(signature, data)
    except InvalidSignature as error:
        raise Refused("signature of the checkpoint") from error


def check_proof(proof, kind, compact, log, keys):
    """`c2sp.org/tlog-proof@v1`"""
    head, checkpoint = proof.split("\n\n", 1)
    version, *lines = head.split("\n")
    require(version == "c2sp.org/tlog-proof@v1", "version of the proof")
    if lines and lines[0].startswith("extra "):
        lines = lines[1:]
    require(lines[0] == f"index {log['index']}", "the proof is for another position")
    path = [base64.b64decode(line, validate=True) for line in lines[1:]]
    size, root = open_checkpoint(checkpoint, log["origin"], keys)
    check_inclusion(leaf_hash(kind, compact), log["index"], size, path, root)
    return size


# --- directory and replies ---


class Directory:
    """按固定公钥核验的目录。The directory, verified with the pinned key."""

    def __init__(self, compact, proof, pinned):
        operator, pin = pinned["operator"]["participant"], pinned["key"]

        def key_of(header):
            require(header["kid"] == pin["kid"], "not the pinned key")
            return public_key(pin["jwk"])

        require(sha256(unb64url(pin["jwk"]["x"])).hex() == pin["fingerprint"], "fingerprint")
        _, claims = open_jws(compact, "ydt-directory+jwt", key_of)
        require(claims["iss"] == operator, "iss")
        self.operator, self.claims = operator, claims
        self.keys = {key["kid"]: key for key in claims["keys"]}
        self.kinds = {p["participant"]: p["kind"] for p in claims["participants"]}
        self.log_keys = [
            key["jwk"]
            for kid, key in self.keys.items()
            if key["use"] == "log" and kid.startswith(f"{operator}#") and not key["revoked_from"]
        ]
        check_proof(proof, "directory", compact, claims["log"], self.log_keys)

    def check_reply(self, compact, proof, message):
        """核验回执或答复（verify.md 第 2 至 4 步），返回声明。Steps 2 to 4; gives the claims."""
        header = read_json(unb64url(compact.split(".")[0]))
        kind = {"ydt-receipt+jwt": "receipt", "ydt-answer+jwt": "answer"}.get(header["typ"])
        require(kind, "neither receipt nor answer")
        key = self.keys.get(header["kid"])
        require(key and key["use"] == "receipt", "not a receipt key")
        _, claims = open_jws(compact, header["typ"], lambda _: public_key(key["jwk"]))
        require(header["kid"].startswith(claims["iss"] + "#"), "iss does not own kid")
        require(self.kinds.get(claims["iss"]) == "gateway", "signed by another service")
        require(in_force(key, claims["iat"]), "the key was not in force")
        require(claims["log"]["origin"] == self.claims["log"]["origin"], "another log")
        check_proof(proof, kind, compact, claims["log"], self.log_keys)

        sent = read_json(unb64url(message.split(".")[1]))
        about = {"iss": sent["iss"], "jti": sent["jti"], "sha256": sha256(message.encode()).hex()}
        require(claims["msg"] == about, "about another message")
        require(claims["aud"] == sent["iss"] and claims["iss"] == sent["aud"], "aud or iss")
        require(kind == "receipt" or claims["irt"] == sent["jti"], "irt")
        return claims
