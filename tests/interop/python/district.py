"""一个区的系统，用 Python 写成：推送、查询、核验。

A district's system in Python: push, query, verify.

    district.py <installation folder> <district> <gateway URL>
"""

import json
import pathlib
import ssl
import sys
import time

import httpx
from joserfc import jws
from joserfc.jwk import OKPKey

import ydt

LIFETIME_SECONDS = 600


class District:
    def __init__(self, folder, district, url):
        own = folder / "districts" / district
        tls = ssl.create_default_context(cafile=folder / "pki/ca.pem")
        tls.minimum_version = ssl.TLSVersion.TLSv1_3
        tls.load_cert_chain(own / "tls.pem", own / "tls.key")
        self.http = httpx.Client(base_url=url, verify=tls, trust_env=False, timeout=30)
        self.id = district
        self.key = OKPKey.import_key((own / "keys/message.pem").read_bytes())
        self.pinned = json.loads((folder / "pinned.json").read_bytes())

    def get(self, path):
        return self.http.get(path).raise_for_status()

    def directory(self):
        reply = self.get("/v1/directory").json()
        return ydt.Directory(reply["directory"], reply["proof"], self.pinned)

    def schema(self, mt):
        """模式的引用：摘要按收到的字节计算。The pin; the digest is that of the bytes received."""
        entry = next(s for s in self.get("/v1/schemas").json()["schemas"] if s["mt"] == mt)
        ydt.require(ydt.sha256(self.get(entry["href"]).content).hex() == entry["sha256"], "digest")
        return {"uri": entry["uri"], "sha256": entry["sha256"]}

    def compose(self, mt, body):
        now = int(time.time())
        claims = {
            "iss": self.id,
            "aud": self.pinned["operator"]["participant"],
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": ydt.uuid7(),
            "mt": mt,
            "sch": self.schema(mt),
            "body": body,
        }
        header = {"alg": "EdDSA", "typ": "ydt-msg+jwt", "kid": f"{self.id}#message-1"}
        payload = json.dumps(claims, ensure_ascii=False)
        return jws.serialize_compact(header, payload, self.key, algorithms=ydt.ALGORITHMS)

    def send(self, message):
        headers = {"content-type": "application/jose", "accept-language": "en"}
        return self.http.post("/v1/messages", content=message, headers=headers)


def certification(token, record):
    return {
        "record": record,
        "revision": 1,
        "action": "issue",
        "subject": {"token": token, "epoch": 1},
        "authority": {"name": "青浦区人力资源和社会保障局", "region": "310118"},
        "attestation": {"level": "issued", "as_of": "2026-03-01"},
        "validity": {"from": "2026-03-01", "until": "2029-02-28"},
        "scheme": "qingpu-industry",
        "scheme_version": "2020",
        "class": "B",
        "basis": {"document": "青委〔2020〕88号", "article": "附件2 二（二）"},
    }


def question(token):
    return {
        "context": {
            "case": "PY-0001",
            "purpose": "recognition",
            "legal_basis": {"document": "青委〔2020〕88号", "article": "附件2 六（五）"},
            "operator": {"id": "op-python", "role": "window"},
        },
        "subject": {"token": token, "epoch": 1},
        "kinds": ["certification"],
    }


def checks(district):
    """逐项检查；产出名称。Yields the name of each thing that held."""
    directory = district.directory()
    yield "the directory is signed by the pinned key and in the log"

    token, record = ydt.b64url(ydt.sha256(ydt.uuid7().encode())), f"PY-{ydt.uuid7()}"
    message = district.compose("certification/1", certification(token, record))
    reply = district.send(message).raise_for_status().json()
    receipt = directory.check_reply(reply["receipt"], reply["proof"], message)
    ydt.require(receipt["res"] == {"outcome": "accepted"}, receipt["res"])
    yield "a push gets a receipt that is signed, about this message and in the log"

    again = district.send(message).raise_for_status()
    ydt.require(again.json()["receipt"] == reply["receipt"], "another receipt")
    ydt.require(again.headers["idempotent-replayed"] == "true", "not marked as replayed")
    yield "the same bytes get the identical receipt"

    asked = district.compose("query.records/1", question(token))
    answered = district.send(asked).raise_for_status().json()
    answer = directory.check_reply(answered["answer"], answered["proof"], asked)
    ydt.require(answer["known_at"] > receipt["log"]["index"], "the answer does not know the push")
    found = [entry["content"]["class"] for entry in answer["body"]["records"]]
    ydt.require(found == ["B"] and answer["coverage"], f"records: {found}")
    yield "a query gets an answer that is signed, about this question and in the log"

    wrong = certification(token, record) | {"revision": 2, "class": "no such class" * 20}
    message = district.compose("certification/1", wrong)
    reply = district.send(message)
    problem = reply.json()
    ydt.require(reply.status_code == 422 and problem["code"] == "schema-violation", problem)
    ydt.require(problem["errors"][0]["pointer"] == "/body/class", problem["errors"])
    receipt = directory.check_reply(problem["receipt"], problem["proof"], message)
    ydt.require(receipt["res"]["outcome"] == "rejected", receipt["res"])
    ydt.require(receipt["res"]["code"] == "schema-violation", receipt["res"])
    yield "a body against the schema gets a signed refusal"

    for proof, about in ((problem["proof"], asked), (answered["proof"], message)):
        try:
            directory.check_reply(problem["receipt"], proof, about)
        except ydt.Refused:
            continue
        raise ydt.Refused("taken with another message or proof")
    yield "a receipt is refused for another message and with another proof"


def main():
    folder, name, url = sys.argv[1:4]
    try:
        for name in checks(District(pathlib.Path(folder), name, url)):
            print(f"PASS python: {name}", flush=True)
    except Exception as error:
        print(f"FAIL python: {type(error).__name__}: {error}")
        sys.exit(1)


main()
