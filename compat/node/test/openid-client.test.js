// npm openid-client, unmodified, through the front end.
import { test, before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import * as client from 'openid-client';
import { start, Browser } from '../server.js';

const redirect_uri = 'https://client.example/cb';
const insecure = { execute: [client.allowInsecureRequests] };
let server;

before(async () => {
  server = await start();
});
after(() => server?.stop());

/** The promise is refused with this OAuth error. */
async function refusedWith(code, promise) {
  const e = await promise.then(() => assert.fail(`${code} expected, but it succeeded`), (x) => x);
  // With a challenge the library leaves the body to us.
  const error = e.error ?? (e.response && !e.response.bodyUsed && (await e.response.json()).error);
  assert.equal(error, code, e.stack);
  return e;
}

async function publicClient() {
  const c = await server.newClient({
    clientName: 'spa', clientType: 'PUBLIC', redirectUris: [redirect_uri], grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'], responseTypes: ['CODE'],
  });
  return client.discovery(new URL(server.issuer), String(c.clientId), undefined, client.None(), insecure);
}

async function basicClient(extra = {}) {
  const c = await server.newClient({
    clientName: 'web', clientType: 'CONFIDENTIAL', redirectUris: [redirect_uri],
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS'], responseTypes: ['CODE'], ...extra,
  });
  const auth = extra.tokenAuthMethod === 'CLIENT_SECRET_POST' ? client.ClientSecretPost(c.clientSecret) : client.ClientSecretBasic(c.clientSecret);
  const config = await client.discovery(new URL(server.issuer), String(c.clientId), undefined, auth, insecure);
  return Object.assign(config, { secret: c.clientSecret });
}

async function keyClient(extra = {}) {
  const { publicKey, privateKey } = await client.randomDPoPKeyPair('ES256', { extractable: true });
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  delete jwk.key_ops;
  delete jwk.ext;
  const c = await server.newClient({
    clientName: 'fapi', clientType: 'CONFIDENTIAL', tokenAuthMethod: 'PRIVATE_KEY_JWT', jwks: JSON.stringify({ keys: [jwk] }),
    redirectUris: [redirect_uri], grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'], responseTypes: ['CODE'], ...extra,
  });
  const auth = client.PrivateKeyJwt({ key: privateKey, kid: 'k1' });
  return client.discovery(new URL(server.issuer), String(c.clientId), undefined, auth, insecure);
}

async function login(config, parameters = {}, options = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const p = {
    redirect_uri, scope: 'openid profile read', state, nonce, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...parameters,
  };
  const url = options.par ? await client.buildAuthorizationUrlWithPAR(config, p, { DPoP: options.DPoP }) : client.buildAuthorizationUrl(config, p);
  const callback = await (options.browser ?? new Browser()).authorize(url, redirect_uri, options);
  return { callback, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } };
}

describe('code with PKCE', () => {
  test('a public client logs a user in, refreshes, asks for userinfo, revokes', async () => {
    const config = await publicClient();
    const { callback, checks } = await login(config);
    assert.equal(callback.searchParams.get('iss'), server.issuer);
    const tokens = await client.authorizationCodeGrant(config, callback, checks);
    assert.equal(tokens.claims().sub, '1001');
    const info = await client.fetchUserInfo(config, tokens.access_token, '1001');
    assert.equal(info.name, 'John Flores');
    assert.equal(info.email, undefined);
    const again = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(again.refresh_token, tokens.refresh_token);
    assert.equal(again.claims().sub, '1001');
    await client.tokenRevocation(config, again.refresh_token);
    await refusedWith('invalid_grant', client.refreshTokenGrant(config, again.refresh_token));
    await assert.rejects(client.fetchUserInfo(config, again.access_token, '1001'));
  });

  test('a code is used once, and a second use revokes what the first one got', async () => {
    const config = await publicClient();
    const { callback, checks } = await login(config);
    const tokens = await client.authorizationCodeGrant(config, callback, checks);
    await refusedWith('invalid_grant', client.authorizationCodeGrant(config, callback, checks));
    await assert.rejects(client.fetchUserInfo(config, tokens.access_token, '1001'));
  });

  test('a wrong verifier is refused and does not burn the code', async () => {
    const config = await publicClient();
    const { callback, checks } = await login(config);
    await refusedWith('invalid_grant', client.authorizationCodeGrant(config, callback, { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() }));
    assert.ok((await client.authorizationCodeGrant(config, callback, checks)).access_token);
  });

  test('a used refresh token revokes its family', async () => {
    const config = await publicClient();
    const { callback, checks } = await login(config);
    const first = await client.authorizationCodeGrant(config, callback, checks);
    const second = await client.refreshTokenGrant(config, first.refresh_token);
    await refusedWith('invalid_grant', client.refreshTokenGrant(config, first.refresh_token));
    await refusedWith('invalid_grant', client.refreshTokenGrant(config, second.refresh_token));
  });

  test('the end-user denies', async () => {
    const config = await publicClient();
    const { callback, checks } = await login(config, {}, { deny: true });
    await refusedWith('access_denied', client.authorizationCodeGrant(config, callback, checks));
  });

  test('a wrong password leads nowhere', async () => {
    const config = await publicClient();
    await assert.rejects(login(config, {}, { password: 'wrong' }), (e) => e.page?.html.includes('id="loginId"'));
  });

  test('prompt=none without a login', async () => {
    const config = await publicClient();
    const { callback, checks } = await login(config, { prompt: 'none' });
    await refusedWith('login_required', client.authorizationCodeGrant(config, callback, checks));
  });

  test('an unregistered redirect_uri is a page', async () => {
    const config = await publicClient();
    await assert.rejects(login(config, { redirect_uri: 'https://evil.example/cb' }), (e) => e.page?.response.status === 400);
  });

  test('form_post', async () => {
    const config = await publicClient();
    const browser = new Browser();
    const e = await login(config, { response_mode: 'form_post' }, { browser }).catch((x) => x);
    assert.match(e.page.html, /<form method="post" action="https:\/\/client\.example\/cb">/);
    assert.match(e.page.html, /name="code"/);
    assert.equal(e.page.response.status, 200);
  });
});

describe('client authentication', () => {
  test('client_secret_basic', async () => {
    const config = await basicClient();
    const { callback, checks } = await login(config);
    assert.ok((await client.authorizationCodeGrant(config, callback, checks)).id_token);
  });

  test('client_secret_post', async () => {
    const config = await basicClient({ tokenAuthMethod: 'CLIENT_SECRET_POST' });
    const { callback, checks } = await login(config);
    assert.ok((await client.authorizationCodeGrant(config, callback, checks)).id_token);
  });

  test('a wrong secret, and a method that is not registered', async () => {
    const config = await basicClient();
    const id = config.clientMetadata().client_id;
    for (const [auth, status] of [[client.ClientSecretBasic('wrong'), 401], [client.ClientSecretPost(config.secret), 400], [client.None(), 400]]) {
      const wrong = await client.discovery(new URL(server.issuer), id, undefined, auth, insecure);
      const e = await refusedWith('invalid_client', client.clientCredentialsGrant(wrong, { scope: 'read' }));
      assert.equal(e.status, status);
    }
  });

  test('client_credentials', async () => {
    const config = await basicClient();
    const t = await client.clientCredentialsGrant(config, { scope: 'read' });
    assert.equal(t.scope, 'read');
    await refusedWith('invalid_scope', client.clientCredentialsGrant(config, { scope: 'openid' }));
  });

  test('introspection by a resource server, and by nobody', async () => {
    const config = await basicClient();
    const { access_token } = await client.clientCredentialsGrant(config, { scope: 'read' });
    const rs = new client.Configuration(config.serverMetadata(), 'rs', undefined, client.ClientSecretBasic('rs-secret'));
    client.allowInsecureRequests(rs);
    const facts = await client.tokenIntrospection(rs, access_token);
    assert.equal(facts.active, true);
    assert.equal(facts.scope, 'read');
    assert.equal((await client.tokenIntrospection(rs, 'unknown')).active, false);
    await client.tokenRevocation(config, access_token);
    assert.equal((await client.tokenIntrospection(rs, access_token)).active, false);
    const nobody = new client.Configuration(config.serverMetadata(), 'rs', undefined, client.ClientSecretBasic('wrong'));
    client.allowInsecureRequests(nobody);
    await assert.rejects(client.tokenIntrospection(nobody, access_token));
  });
});

describe('PAR with private_key_jwt, DPoP and nonce', () => {
  let fapi;
  before(async () => {
    await server.stop();
    server = await start({ supportedServiceProfiles: ['FAPI'], fapiModes: ['FAPI2_SECURITY'], dpopNonceRequired: true });
    fapi = await keyClient();
  });

  test('the whole flow', async () => {
    const DPoP = client.getDPoPHandle(fapi, await client.randomDPoPKeyPair('ES256'));
    const { callback, checks } = await login(fapi, {}, { par: true, DPoP });
    const tokens = await client.authorizationCodeGrant(fapi, callback, checks, undefined, { DPoP });
    assert.equal(tokens.token_type, 'dpop');
    const info = await client.fetchUserInfo(fapi, tokens.access_token, '1001', { DPoP });
    assert.equal(info.sub, '1001');
    const again = await client.refreshTokenGrant(fapi, tokens.refresh_token, undefined, { DPoP });
    assert.equal(again.refresh_token, tokens.refresh_token);
    await assert.rejects(client.fetchUserInfo(fapi, again.access_token, '1001'));
    await client.tokenRevocation(fapi, again.access_token);
    await assert.rejects(client.fetchUserInfo(fapi, again.access_token, '1001', { DPoP }));
  });

  test('another key than the one that pushed the request', async () => {
    const DPoP = client.getDPoPHandle(fapi, await client.randomDPoPKeyPair('ES256'));
    const { callback, checks } = await login(fapi, {}, { par: true, DPoP });
    const other = client.getDPoPHandle(fapi, await client.randomDPoPKeyPair('ES256'));
    await refusedWith('invalid_grant', client.authorizationCodeGrant(fapi, callback, checks, undefined, { DPoP: other }));
  });

  test('no proof, no tokens', async () => {
    const { callback, checks } = await login(fapi, {}, { par: true });
    await refusedWith('invalid_request', client.authorizationCodeGrant(fapi, callback, checks));
  });

  test('a request that was not pushed', async () => {
    const { callback, checks } = await login(fapi);
    await refusedWith('invalid_request', client.authorizationCodeGrant(fapi, callback, checks));
  });

  test('a key that is not registered', async () => {
    const { privateKey } = await client.randomDPoPKeyPair('ES256');
    const wrong = await client.discovery(new URL(server.issuer), fapi.clientMetadata().client_id, undefined, client.PrivateKeyJwt({ key: privateKey, kid: 'k1' }), insecure);
    await refusedWith('invalid_client', login(wrong, {}, { par: true }));
  });
});
