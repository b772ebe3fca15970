// 按 docs/verify.md 核验目录、回执、答复与日志证明；签名用 npm 的 jose。
// Verifies directory, receipts, answers and proofs after docs/verify.md; npm jose for signatures.

import { createHash, createPublicKey, verify as verifyBytes } from 'node:crypto';
import { compactVerify, importJWK } from 'jose';

export class Refused extends Error {}

export function require(holds, why) {
  if (!holds) throw new Refused(why);
}

export const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** 规范 base64url。Canonical only: Node itself skips what it does not know. */
export function unb64url(text) {
  const bytes = Buffer.from(text, 'base64url');
  require(bytes.toString('base64url') === text, 'base64url');
  return bytes;
}

// JSON.parse 保留最后一个重复成员。JSON.parse keeps the last of repeated members, so they are
// looked for: writing the value again must give as many members as the text has.
export function readJson(bytes) {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  let members = 0;
  const value = JSON.parse(text, function (name, v) {
    if (v !== null && typeof v === 'object' && !Array.isArray(v)) members += Object.keys(v).length;
    if (typeof v === 'number') require(Number.isSafeInteger(v) && !Object.is(v, -0), 'number');
    return v;
  });
  const names = text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/:/g) ?? [];
  require(names.length === members, 'repeated member');
  return value;
}

// 小阶点与不规范编码：OpenSSL 不检查。Points of small order and non-canonical encodings, which
// OpenSSL lets through: y, little-endian, without the sign bit.
const P = 2n ** 255n - 19n;
const SMALL_ORDER = [
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((hex) => littleEndian(Buffer.from(hex, 'hex')));

function littleEndian(bytes) {
  return BigInt('0x' + Buffer.from(bytes).reverse().toString('hex'));
}

export function checkKey(jwk) {
  const raw = unb64url(jwk.x);
  require(jwk.kty === 'OKP' && jwk.crv === 'Ed25519' && raw.length === 32, 'key');
  const y = littleEndian(raw) % 2n ** 255n;
  require(y < P && ![0n, 1n, P - 1n, ...SMALL_ORDER].includes(y), 'weak or non-canonical key');
  return { kty: 'OKP', crv: 'Ed25519', x: jwk.x };
}

/** 核验紧凑 JWS，返回载荷；密钥按 kid 取自目录。Gives the payload; the key comes by kid. */
export async function openJws(compact, typ, jwkOf) {
  const [head, payload, signature] = compact.split('.').map(unb64url);
  require(signature?.length === 64, 'signature of 64 bytes');
  const header = readJson(head);
  require(Object.keys(header).sort().join() === 'alg,kid,typ', 'exactly alg, typ, kid');
  require(header.typ === typ, 'typ');
  // compactVerify，不用 jwtVerify：后者会套用 exp。Not jwtVerify, which applies `exp`.
  const key = await importJWK(checkKey(jwkOf(header.kid)), 'EdDSA');
  await compactVerify(compact, key, { algorithms: ['EdDSA', 'Ed25519'] });
  return readJson(payload);
}

const inForce = (key, at) =>
  key.nbf <= at && at < key.exp && (key.revoked_from === null || at < key.revoked_from);

// --- the log ---

function leafHash(kind, compact) {
  return sha256('\0', `ydt-leaf/v1\n${kind}\n${sha256(compact).toString('hex')}\n`);
}

/** RFC 9162 §2.1.3.2 */
function checkInclusion(leaf, index, size, path, root) {
  require(index < size, 'index outside the tree');
  let [fn, sn, r] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const p of path) {
    require(sn !== 0n, 'path too long');
    if (fn & 1n || fn === sn) {
      r = sha256('\x01', p, r);
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      r = sha256('\x01', r, p);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  require(sn === 0n && r.equals(root), 'the path does not lead to the root');
}

/** 检查点须由日志密钥签名。The checkpoint, which a log key must have signed. */
function openCheckpoint(text, origin, jwks) {
  const end = text.indexOf('\n\n') + 1;
  const signed = text.slice(0, end);
  const [name, size, root] = signed.split('\n');
  require(name === origin, 'another log');
  let byLog = false;
  for (const line of text.slice(end + 1).trimEnd().split('\n')) {
    const [, signer, blob] = line.split(' ');
    const bytes = Buffer.from(blob, 'base64');
    for (const jwk of signer === origin ? jwks : []) {
      const id = sha256(`${origin}\n\x01`, unb64url(jwk.x)).subarray(0, 4);
      if (!id.equals(bytes.subarray(0, 4))) continue;
      const key = createPublicKey({ key: checkKey(jwk), format: 'jwk' });
      require(verifyBytes(null, Buffer.from(signed), key, bytes.subarray(4)), 'checkpoint');
      byLog = true;
    }
  }
  require(byLog, 'the log did not sign');
  return { size: Number(size), root: Buffer.from(root, 'base64') };
}

/** `c2sp.org/tlog-proof@v1` */
function checkProof(proof, kind, compact, log, jwks) {
  const end = proof.indexOf('\n\n');
  const lines = proof.slice(0, end).split('\n');
  require(lines.shift() === 'c2sp.org/tlog-proof@v1', 'version of the proof');
  if (lines[0].startsWith('extra ')) lines.shift();
  require(lines.shift() === `index ${log.index}`, 'the proof is for another position');
  const { size, root } = openCheckpoint(proof.slice(end + 2), log.origin, jwks);
  const path = lines.map((line) => Buffer.from(line, 'base64'));
  checkInclusion(leafHash(kind, compact), log.index, size, path, root);
}

// --- directory and replies ---

/** 按固定公钥核验的目录。The directory, verified with the pinned key. */
export class Directory {
  static async open({ directory, proof }, pinned) {
    const { participant: operator } = pinned.operator;
    const fingerprint = sha256(unb64url(pinned.key.jwk.x)).toString('hex');
    require(fingerprint === pinned.key.fingerprint, 'fingerprint');
    const claims = await openJws(directory, 'ydt-directory+jwt', (kid) => {
      require(kid === pinned.key.kid, 'not the pinned key');
      return pinned.key.jwk;
    });
    require(claims.iss === operator, 'iss');
    const self = new Directory();
    self.origin = claims.log.origin;
    self.keys = new Map(claims.keys.map((key) => [key.kid, key]));
    self.kinds = new Map(claims.participants.map((p) => [p.participant, p.kind]));
    self.logKeys = claims.keys
      .filter((k) => k.use === 'log' && k.kid.startsWith(`${operator}#`) && !k.revoked_from)
      .map((k) => k.jwk);
    checkProof(proof, 'directory', directory, claims.log, self.logKeys);
    return self;
  }

  /** 核验回执或答复（verify.md 第 2 至 4 步），返回声明。Steps 2 to 4; gives the claims. */
  async checkReply(compact, proof, message) {
    const header = readJson(unb64url(compact.split('.')[0]));
    const kind = { 'ydt-receipt+jwt': 'receipt', 'ydt-answer+jwt': 'answer' }[header.typ];
    require(kind, 'neither receipt nor answer');
    const key = this.keys.get(header.kid);
    require(key?.use === 'receipt', 'not a receipt key');
    const claims = await openJws(compact, header.typ, () => key.jwk);
    require(header.kid.startsWith(`${claims.iss}#`), 'iss does not own kid');
    require(this.kinds.get(claims.iss) === 'gateway', 'signed by another service');
    require(inForce(key, claims.iat), 'the key was not in force');
    require(claims.log.origin === this.origin, 'another log');
    checkProof(proof, kind, compact, claims.log, this.logKeys);

    const sent = readJson(unb64url(message.split('.')[1]));
    const { msg } = claims;
    require(msg.sha256 === sha256(message).toString('hex'), 'about another message');
    require(msg.iss === sent.iss && msg.jti === sent.jti, 'about another message');
    require(claims.aud === sent.iss && claims.iss === sent.aud, 'aud or iss');
    require(kind === 'receipt' || claims.irt === sent.jti, 'irt');
    return claims;
  }
}
