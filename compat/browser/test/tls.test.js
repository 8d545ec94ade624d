// The front over TLS: the cookies of a production.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { world, visit, one } from '../world.js';

let w, client, dir;
before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'symbolon-tls-'));
  const tls = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost', '-keyout', tls.key, '-out', tls.cert], { stdio: 'pipe' });
  w = await world({}, { tls });
  client = await w.newClient();
});
after(async () => {
  await w?.stop();
  rmSync(dir, { recursive: true, force: true });
});

visit('log in and allow; cookies are Secure and of this host only', () => w, { ignoreHTTPSErrors: true }, async (p) => {
  const r = w.request(client);
  await p.begin(r);
  assert.ok(p.page.url().startsWith('https://'));
  const first = await p.cookies();
  await p.logIn();
  await p.press('authorize-button');
  const all = [...first, ...(await p.cookies())];
  assert.equal(all.length, 3);
  for (const c of all) {
    assert.match(c.name, /^__Host-symbolon_/);
    assert.deepEqual([c.secure, c.httpOnly, c.sameSite, c.path, c.domain], [true, true, 'Lax', '/', 'localhost'], c.name);
  }
  assert.ok(p.setCookies.length >= 4);
  for (const c of p.setCookies) assert.match(c, /^__Host-.*; HttpOnly; Secure; SameSite=Lax$/);
  one(r);
});

test('a browser that does not know the certificate goes no further', async () => {
  const p = await w.person();
  try {
    await assert.rejects(p.page.goto(w.request(client).url), /ERR_CERT_AUTHORITY_INVALID/);
  } finally {
    await p.leave();
  }
});
