// mod_auth_openidc, unmodified, through the front end.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, writeFileSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start, Browser, freePort, ready } from '../node/server.js';

const modules = '/usr/lib/apache2/modules';
let server;
let apache;
let dir;
let site;

before(async () => {
  server = await start({ accessTokenSignAlg: 'ES256' });
  const port = await freePort();
  site = `http://localhost:${port}`;
  const client = await server.newClient({
    clientName: 'apache', clientType: 'CONFIDENTIAL', redirectUris: [`${site}/secret/callback`], responseTypes: ['CODE'],
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'], tokenAuthMethod: 'CLIENT_SECRET_BASIC', idTokenSignAlg: 'RS256',
    pkceRequired: true, pkceS256Required: true,
  });
  dir = mkdtempSync(join(tmpdir(), 'symbolon-apache-'));
  mkdirSync(join(dir, 'www/secret'), { recursive: true });
  writeFileSync(join(dir, 'www/index.html'), 'open');
  writeFileSync(join(dir, 'www/secret/index.html'), 'the secret page');
  for (const d of ['', 'www', 'www/secret']) chmodSync(join(dir, d), 0o755);
  writeFileSync(join(dir, 'apache.conf'), `
ServerName localhost
ServerRoot ${dir}
Listen 127.0.0.1:${port}
PidFile ${dir}/pid
ErrorLog ${dir}/error.log
LoadModule mpm_event_module ${modules}/mod_mpm_event.so
LoadModule authn_core_module ${modules}/mod_authn_core.so
LoadModule authz_core_module ${modules}/mod_authz_core.so
LoadModule authz_user_module ${modules}/mod_authz_user.so
LoadModule headers_module ${modules}/mod_headers.so
LoadModule dir_module ${modules}/mod_dir.so
LoadModule auth_openidc_module ${modules}/mod_auth_openidc.so
${process.getuid() === 0 ? 'User www-data\nGroup www-data' : ''}
DocumentRoot ${dir}/www
DirectoryIndex index.html
OIDCProviderMetadataURL ${server.issuer}/.well-known/openid-configuration
OIDCClientID ${client.clientId}
OIDCClientSecret ${client.clientSecret}
OIDCRedirectURI ${site}/secret/callback
OIDCCryptoPassphrase a-passphrase-of-the-test
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCRemoteUserClaim sub
# Node's fetch looks like a script to it.
OIDCUnAuthAction auth true
<Directory ${dir}/www>
  Require all granted
</Directory>
<Location /secret>
  AuthType openid-connect
  Require valid-user
  Header set X-User "expr=%{REMOTE_USER}"
  Header set X-Email "expr=%{reqenv:OIDC_CLAIM_email}"
</Location>
`);
  apache = spawn('/usr/sbin/apache2', ['-f', join(dir, 'apache.conf'), '-DFOREGROUND'], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  apache.log = '';
  for (const s of [apache.stdout, apache.stderr]) s.on('data', (d) => (apache.log += d));
  await ready(site, apache);
});

after(() => {
  if (apache) process.kill(-apache.pid, 'SIGKILL'); // its children too
  server?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

const errors = () => readFileSync(join(dir, 'error.log'), 'utf8');

test('a user logs in and reads the page', async () => {
  const browser = new Browser();
  const first = await browser.fetch(`${site}/secret/`);
  assert.equal(first.status, 302, errors());
  const authorization = first.headers.get('location');
  assert.ok(authorization.startsWith(`${server.issuer}/authorize?`), authorization);
  const callback = await browser.authorize(authorization, `${site}/secret/callback`);
  const { response, html } = await browser.until(await browser.fetch(callback), callback, 'nowhere:');
  assert.equal(response.status, 200, errors());
  assert.match(html, /the secret page/);
  assert.equal(response.headers.get('x-user').split('@')[0], '1001', errors());
  assert.equal(response.headers.get('x-email'), 'john@example.com');
});

test('a user who denies does not read it', async () => {
  const browser = new Browser();
  const first = await browser.fetch(`${site}/secret/`);
  const callback = await browser.authorize(first.headers.get('location'), `${site}/secret/callback`, { deny: true });
  assert.equal(callback.searchParams.get('error'), 'access_denied');
  const { response, html } = await browser.until(await browser.fetch(callback), callback, 'nowhere:');
  assert.doesNotMatch(html, /the secret page/);
  assert.equal(response.headers.get('x-user') || '', '');
});

test('the answer of another browser is not taken', async () => {
  const eve = new Browser();
  const first = await eve.fetch(`${site}/secret/`);
  const callback = await eve.authorize(first.headers.get('location'), `${site}/secret/callback`);
  const { html } = await new Browser().until(await new Browser().fetch(callback), callback, 'nowhere:');
  assert.doesNotMatch(html ?? '', /the secret page/);
});
