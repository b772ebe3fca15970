// 一个区的系统，用 Node 写成（HTTP/2、jose）：推送、查询、核验。
// A district's system in Node (HTTP/2, jose): push, query, verify.
//
//     node district.mjs <installation folder> <district> <gateway URL>

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { CompactSign, importPKCS8 } from 'jose';
import { Directory, Refused, require, sha256 } from './ydt.mjs';

const LIFETIME_SECONDS = 600;
const [folder, id, url] = process.argv.slice(2);
const own = (name) => readFileSync(join(folder, 'districts', id, name));
const pinned = JSON.parse(readFileSync(join(folder, 'pinned.json')));

const session = connect(url, {
  ca: readFileSync(join(folder, 'pki/ca.pem')),
  cert: own('tls.pem'),
  key: own('tls.key'),
  minVersion: 'TLSv1.3',
});
session.on('error', failed);

function request(method, path, body = '') {
  return new Promise((resolve, reject) => {
    const headers = { ':method': method, ':path': path, 'accept-language': 'en' };
    if (body) headers['content-type'] = 'application/jose';
    const stream = session.request(headers);
    const chunks = [];
    let head;
    stream.on('response', (h) => (head = h));
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      const bytes = Buffer.concat(chunks);
      resolve({ status: head[':status'], head, bytes, json: () => JSON.parse(bytes) });
    });
    body ? stream.end(body) : stream.end();
  });
}

const get = (path) => request('GET', path);
const send = (message) => request('POST', '/v1/messages', message);

/** 模式的引用：摘要按收到的字节计算。The pin; the digest is that of the bytes received. */
async function schema(mt) {
  const entry = (await get('/v1/schemas')).json().schemas.find((s) => s.mt === mt);
  const { bytes } = await get(entry.href);
  require(sha256(bytes).toString('hex') === entry.sha256, 'digest of the schema');
  return { uri: entry.uri, sha256: entry.sha256 };
}

/** RFC 9562 §5.7 */
function uuid7() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function compose(mt, body) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: id,
    aud: pinned.operator.participant,
    iat,
    exp: iat + LIFETIME_SECONDS,
    jti: uuid7(),
    mt,
    sch: await schema(mt),
    body,
  };
  const key = await importPKCS8(own('keys/message.pem').toString(), 'EdDSA');
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'ydt-msg+jwt', kid: `${id}#message-1` })
    .sign(key);
}

const certification = (token, record) => ({
  record,
  revision: 1,
  action: 'issue',
  subject: { token, epoch: 1 },
  authority: { name: '嘉善县人力资源和社会保障局', region: '330421' },
  attestation: { level: 'issued', as_of: '2026-03-01' },
  validity: { from: '2026-03-01', until: '2029-02-28' },
  scheme: 'jiashan-talent',
  scheme_version: '2020',
  class: 'D',
  basis: { document: '善委〔2020〕1号', article: '二' },
});

const question = (token) => ({
  context: {
    case: 'JS-0001',
    purpose: 'recognition',
    legal_basis: { document: '善委〔2020〕1号', article: '二' },
    operator: { id: 'op-node', role: 'window' },
  },
  subject: { token, epoch: 1 },
  kinds: ['certification'],
});

const pass = (name) => console.log(`PASS node: ${name}`);

function failed(error) {
  console.log(`FAIL node: ${error.name}: ${error.message}`);
  process.exit(1);
}

async function main() {
  const directory = await Directory.open((await get('/v1/directory')).json(), pinned);
  pass('the directory is signed by the pinned key and in the log');

  const [token, record] = [randomBytes(32).toString('base64url'), `JS-${uuid7()}`];
  const message = await compose('certification/1', certification(token, record));
  const pushed = (await send(message)).json();
  const receipt = await directory.checkReply(pushed.receipt, pushed.proof, message);
  require(receipt.res.outcome === 'accepted', receipt.res.code);
  pass('a push gets a receipt that is signed, about this message and in the log');

  const again = await send(message);
  require(again.json().receipt === pushed.receipt, 'another receipt');
  require(again.head['idempotent-replayed'] === 'true', 'not marked as replayed');
  pass('the same bytes get the identical receipt');

  const asked = await compose('query.records/1', question(token));
  const replied = (await send(asked)).json();
  const answer = await directory.checkReply(replied.answer, replied.proof, asked);
  require(answer.known_at > receipt.log.index, 'the answer does not know the push');
  require(answer.body.records.length === 1, 'records');
  pass('a query gets an answer that is signed, about this question and in the log');

  const wrong = { ...certification(token, record), revision: 2, scheme_version: 2020 };
  const refused = await compose('certification/1', wrong);
  const reply = await send(refused);
  const problem = reply.json();
  require(reply.status === 422 && problem.code === 'schema-violation', problem.code);
  require(problem.errors[0].pointer === '/body/scheme_version', problem.errors[0].pointer);
  const refusal = await directory.checkReply(problem.receipt, problem.proof, refused);
  require(refusal.res.outcome === 'rejected' && refusal.res.code === problem.code, 'res');
  pass('a body against the schema gets a signed refusal');

  for (const [proof, about] of [[pushed.proof, refused], [replied.proof, message]]) {
    const taken = await directory.checkReply(pushed.receipt, proof, about).then(
      () => true,
      (error) => !(error instanceof Refused),
    );
    require(!taken, 'taken with another message or proof');
  }
  pass('a receipt is refused for another message and with another proof');
}

main().then(() => session.close(), failed);
