// What the SDK sends and reads in ways that are easy to break.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Authlete } from '@authlete/typescript-sdk';
import { ResultError, AuthleteDefaultError, ResponseValidationError } from '@authlete/typescript-sdk/models/errors';
import { AuthorizationResponseAction } from '@authlete/typescript-sdk/models';
import { HTTPClient } from '@authlete/typescript-sdk/lib/http.js';
import { startWorld, form } from '../world.js';

let w;
let sdk;
let serviceId;
before(async () => {
  w = await startWorld();
  ({ sdk, serviceId } = w);
});
after(() => w?.stop());

test('an empty Cookie header is sent and does not matter', async () => {
  assert.equal((await sdk.service.get({ serviceId })).serviceName, 'TypeScript');
  const { headers } = w.wire.last();
  assert.equal(headers.get('cookie'), '');
  assert.equal(headers.get('accept'), 'application/json');
});

/** The SDK over an HTTP client that changes answers. */
const bent = (change) =>
  new Authlete({
    serverURL: w.engine.api, bearer: w.engine.rootToken,
    httpClient: new HTTPClient({
      fetcher: async (request) => {
        const r = await fetch(request);
        return new Response(JSON.stringify(change(await r.json())), { status: r.status, headers: r.headers });
      },
    }),
  });
const ask = (s) => s.authorization.processRequest({ serviceId, authorizationRequest: { parameters: form({ response_type: 'code', client_id: w.credentials.clientId }) } });

// The SDK is the judge of these; here is that it judges.
test('the SDK throws at nulls and unknown names, so the other tests would see them', async () => {
  assert.equal((await ask(bent((a) => a))).action, 'INTERACTION');
  for (const change of [(a) => ({ ...a, display: null }), (a) => ({ ...a, scopes: null }), (a) => ({ ...a, action: 'MAYBE' })]) {
    await assert.rejects(ask(bent(change)), ResponseValidationError);
  }
});

test('parameters are taken as they are, percent-encoding included', async () => {
  const parameters = `response_type=code&client_id=${w.credentials.clientId}&state=a%20b%2Bc+d%26e%E3%81%82&redirect_uri=https%3A%2F%2Fclient.example%2Fcb%3Ffrom%3Da%2520b&prompt=none`;
  const a = await sdk.authorization.processRequest({ serviceId, authorizationRequest: { parameters } });
  assert.equal(a.action, 'NO_INTERACTION');
  const r = await sdk.authorization.fail({ serviceId, authorizationFailRequest: { ticket: a.ticket, reason: 'NOT_LOGGED_IN' } });
  assert.ok(r.responseContent.startsWith('https://client.example/cb?from=a%20b&'), r.responseContent);
  assert.equal(new URL(r.responseContent).searchParams.get('state'), 'a b+c d&eあ');
});

test('a large max_age stays an integer that every client can hold', async () => {
  for (const [asked, told] of [['2147483647', 2147483647], ['99999999999', 2147483647], ['9007199254740993', 2147483647]]) {
    const a = await w.authorize({ max_age: asked });
    assert.deepEqual([a.action, a.maxAge], ['INTERACTION', told], asked);
  }
});

test('answers keep to the actions that the SDK knows', async () => {
  const known = new Set(Object.values(AuthorizationResponseAction));
  for (const params of [{}, { prompt: 'none' }, { prompt: 'none login' }, { redirect_uri: 'https://evil.example/' }, { client_id: '1' }, { response_mode: 'form_post', prompt: 'none login' }]) {
    const a = await w.authorize(params);
    assert.ok(known.has(a.action), a.action);
  }
  assert.equal((await w.authorize({ response_mode: 'form_post', prompt: 'none login' })).action, 'FORM');
});

test('a base URL may have a prefix, a slash at its end, or both', async () => {
  for (const suffix of ['/', '/some/prefix', '/some/prefix/']) {
    const other = new Authlete({ serverURL: w.engine.api + suffix, bearer: w.engine.rootToken, httpClient: w.wire.client });
    assert.equal((await other.service.get({ serviceId })).apiKey, w.service.apiKey, suffix);
  }
});

test('a service that is not configured is a clean 404', async () => {
  for (const id of ['null', 'undefined', 'None']) {
    await assert.rejects(sdk.service.get({ serviceId: id }), (e) => {
      assert.ok(e instanceof AuthleteDefaultError, e.name);
      assert.equal(e.statusCode, 404);
      assert.match(JSON.parse(e.body).resultCode, /^A\d{6}$/);
      return true;
    });
  }
});

test('errors of the Web API are typed: credentials, rights, bad calls', async () => {
  const rejects = (p, status, code) =>
    assert.rejects(p, (e) => {
      assert.ok(e instanceof ResultError, `${e.name} ${e.message}`);
      assert.deepEqual([e.statusCode, e.resultCode], [status, code]);
      assert.ok(e.resultMessage.startsWith(`[${code}]`));
      return true;
    });
  await rejects(w.sdkAs('wrong').service.get({ serviceId }), 401, 'A458101');
  const { accessToken } = await w.engine.call('/api/servicetoken/create', { serviceId: w.service.apiKey, permissions: ['VIEW_CLIENT'] });
  const weak = w.sdkAs(accessToken);
  assert.equal((await weak.client.get({ serviceId, clientId: w.credentials.clientId })).clientName, 'an app');
  await rejects(weak.client.delete({ serviceId, clientId: w.credentials.clientId }), 403, 'A901205');
  await rejects(sdk.authorization.issue({ serviceId, authorizationIssueRequest: { ticket: '', subject: '1001' } }), 400, 'A901201');
});

test('numbers of services and clients are exact in JavaScript', async () => {
  for (const n of [w.service.apiKey, w.client.clientId, w.service.number, w.client.number]) assert.ok(Number.isSafeInteger(n) && n > 0, `${n}`);
  const chosen = await sdk.service.create({ apiKey: Number.MAX_SAFE_INTEGER, serviceName: 'largest' }).catch((e) => e);
  const id = String(chosen.apiKey);
  assert.ok(Number.isSafeInteger(chosen.apiKey), String(chosen));
  assert.equal((await sdk.service.get({ serviceId: id })).serviceName, 'largest');
  await sdk.service.delete({ serviceId: id });
});

test('a client by its alias', async () => {
  const made = await w.newClient({ clientIdAlias: 'my-app', clientIdAliasEnabled: true });
  assert.equal((await sdk.client.get({ serviceId, clientId: 'my-app' })).clientId, made.clientId);
  const t = await sdk.token.process({ serviceId, tokenRequest: { parameters: 'grant_type=client_credentials', clientId: 'my-app', clientSecret: made.clientSecret } });
  assert.deepEqual([t.action, t.clientIdAliasUsed, t.clientIdAlias], ['OK', true, 'my-app']);
  assert.equal(await sdk.client.delete({ serviceId, clientId: 'my-app' }), undefined);
  await assert.rejects(sdk.client.get({ serviceId, clientId: 'my-app' }), (e) => e.statusCode === 404);
});
