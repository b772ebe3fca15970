"""schemathesis 的钩子：把生成的文本签成消息，使模糊测试越过签名检查。

Hooks for schemathesis: every second generated text becomes a member of a properly signed message,
so that fuzzing gets past the signature. Folder and district come from INTEROP_FOLDER and
INTEROP_DISTRICT.
"""

import json
import os
import pathlib
import time
import zlib

import schemathesis
from joserfc import jws
from joserfc.jwk import OKPKey

import ydt

DISTRICT = os.environ["INTEROP_DISTRICT"]
FOLDER = pathlib.Path(os.environ["INTEROP_FOLDER"])
KEY = OKPKey.import_key((FOLDER / "districts" / DISTRICT / "keys/message.pem").read_bytes())
MEMBERS = ["body", "mt", "to", "irt", "jti", "sch", "exp", "aud"]


@schemathesis.serializer("application/jose")
def jose(_, value):
    text = value if isinstance(value, str) else json.dumps(value)
    raw = text.encode("utf-8", "replace")
    seed = zlib.crc32(raw)
    if seed % 2:
        return raw
    claims = {
        "iss": DISTRICT,
        "aud": "gateway",
        "iat": int(time.time()),
        "exp": int(time.time()) + 600,
        "jti": ydt.uuid7(),
        "mt": "certification/1",
        "sch": {"uri": "urn:ydt:schema:certification:1", "sha256": os.environ["INTEROP_SCHEMA"]},
        "body": {"record": text},
    }
    name = MEMBERS[seed // 2 % len(MEMBERS)]
    if name != "body":
        claims[name] = text
    header = {"alg": "EdDSA", "typ": "ydt-msg+jwt", "kid": f"{DISTRICT}#message-1"}
    return jws.serialize_compact(header, json.dumps(claims), KEY, algorithms=ydt.ALGORITHMS)


@schemathesis.deserializer("application/octet-stream")
def octets(_, response):
    """瓦片是字节。Tiles are bytes; as a list of them they fit what is described."""
    return list(response.content)
