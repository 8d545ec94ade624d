// npm oauth4webapi, unmodified, through the front end.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { start, Browser } from '../server.js';

const redirect_uri = 'https://client.example/cb';
const insecure = { [oauth.allowInsecureRequests]: true };
let server;
let as;

before(async () => {
  server = await start({ accessTokenSignAlg: 'ES256' });
  const issuer = new URL(server.issuer);
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
});
after(() => server?.stop());

async function newClient(doc) {
  const c = await server.newClient({
    clientName: 'c', clientType: 'CONFIDENTIAL', redirectUris: [redirect_uri], responseTypes: ['CODE'],
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS'], ...doc,
  });
  return [{ client_id: String(c.clientId) }, c.clientSecret];
}

test('discovery under both well-known paths is the same', async () => {
  const issuer = new URL(server.issuer);
  const other = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' }));
  assert.deepEqual(other, as);
  assert.equal(as.authorization_response_iss_parameter_supported, true);
  assert.deepEqual(as.response_types_supported, ['code']);
});

test('client_credentials: a JWT access token that verifies as RFC 9068 says', async () => {
  const [client, secret] = await newClient();
  const response = await oauth.clientCredentialsGrantRequest(as, client, oauth.ClientSecretBasic(secret), { scope: 'read' }, insecure);
  const t = await oauth.processClientCredentialsResponse(as, client, response);
  const request = new Request('https://rs.example/', { headers: { authorization: `Bearer ${t.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(as, request, server.issuer, insecure);
  assert.equal(claims.client_id, client.client_id);
  assert.equal(claims.scope, 'read');
  await assert.rejects(oauth.validateJwtAccessToken(as, request, 'https://other.example', insecure));
});

test('code, PAR, DPoP with a nonce, JWT access token bound to the key, userinfo', async () => {
  const [client, secret] = await newClient();
  const auth = oauth.ClientSecretPost(secret);
  await assert.rejects(async () => {
    const r = await oauth.clientCredentialsGrantRequest(as, client, auth, {}, insecure);
    await oauth.processClientCredentialsResponse(as, client, r);
  }, (e) => e.error === 'invalid_client');
  const basic = oauth.ClientSecretBasic(secret);
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const par = await oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, basic, {
    response_type: 'code', redirect_uri, scope: 'openid email', state, nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  }, { ...insecure, DPoP }));
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({ client_id: client.client_id, request_uri: par.request_uri });
  const callback = await new Browser().authorize(url, redirect_uri);
  const params = oauth.validateAuthResponse(as, client, callback, state);
  const response = await oauth.authorizationCodeGrantRequest(as, client, basic, params, redirect_uri, verifier, { ...insecure, DPoP });
  const t = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true });
  assert.equal(t.token_type, 'dpop');
  const claims = oauth.getValidatedIdTokenClaims(t);
  assert.equal(claims.sub, '1001');
  await oauth.validateApplicationLevelSignature(as, response, insecure);
  const info = await oauth.processUserInfoResponse(as, client, '1001', await oauth.userInfoRequest(as, client, t.access_token, { ...insecure, DPoP }));
  assert.equal(info.email, 'john@example.com');
  // The request_uri was used up by the answer.
  const again = await new Browser().fetch(url);
  assert.equal(again.status, 400);
});

test('state and iss of somebody else are noticed', async () => {
  const [client] = await newClient();
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id, redirect_uri, response_type: 'code', scope: 'openid', state: 's', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256',
  });
  const callback = await new Browser().authorize(url, redirect_uri);
  assert.throws(() => oauth.validateAuthResponse(as, client, callback, 'other'));
  callback.searchParams.set('iss', 'https://evil.example');
  assert.throws(() => oauth.validateAuthResponse(as, client, callback, 's'));
});
