// The hand-off to a login application, through the one in examples.
import { test, before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../node/server.js';
import { world, one, refused, evil } from '../world.js';

let w, client, application, login;
before(async () => {
  login = { url: `http://localhost:${await freePort()}/login`, secret: 'a secret of the login application' };
  w = await world({ supportedClaims: ['name', 'email'] }, { login });
  client = await w.newClient();
  application = spawn(process.execPath, [join(import.meta.dirname, '../../../examples/login-app/server.js')], {
    env: { ...process.env, PORT: new URL(login.url).port, FRONT: w.server.plain, SECRET: login.secret }, stdio: 'inherit',
  });
  for (let i = 0; i < 100; i++) {
    if (await fetch(login.url).catch(() => undefined)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('the login application does not answer');
});
after(async () => {
  application?.kill();
  await w?.stop();
});

/** A test with some people, none of whose browsers complains. */
function visit(name, walk) {
  test(name, async () => {
    const people = await Promise.all(Array.from({ length: walk.length }, () => w.person({ also: [login.url] })));
    try {
      await walk(...people);
      for (const p of people) p.clean();
    } finally {
      for (const p of people) await p.leave();
    }
  });
}

const title = (p) => p.page.textContent('h1');
const logIn = (p, user, password, expect) => p.logIn({ user, password, expect });

describe('a login application', () => {
  visit('accepts: claims are told, and still after a refresh', async (p) => {
    const r = w.request(client, { scope: 'openid profile email', login_hint: 'john' });
    await p.begin(r);
    assert.ok(p.page.url().startsWith(login.url));
    assert.equal(await p.page.inputValue('#loginId'), 'john');
    assert.deepEqual(await p.page.locator('#scopes li').allTextContents(), ['openid', 'profile', 'email']);
    await logIn(p, 'john', 'secret', 'arrived');
    const tokens = await w.redeem(client, one(r).code);
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
    assert.equal(claims.sub, '1001');
    assert.deepEqual(claims.amr, ['pwd']);
    const told = { sub: '1001', name: 'John Flores', email: 'john@example.com' };
    assert.deepEqual(await w.userinfo(tokens), told);
    const fresh = await w.refresh(client, tokens.refresh_token);
    assert.notEqual(fresh.access_token, tokens.access_token);
    assert.deepEqual(await w.userinfo(fresh), told);
  });

  visit('tells no more claims than are asked for', async (p) => {
    const r = w.request(client, { scope: 'openid email' });
    await p.begin(r);
    await logIn(p, 'jane', 'other', 'arrived');
    assert.deepEqual(await w.userinfo(await w.redeem(client, one(r).code)), { sub: '1002', email: 'jane@example.com' });
  });

  visit('rejects', async (p) => {
    const r = w.request(client);
    await p.begin(r);
    await p.press('deny-button');
    refused(r, 'access_denied');
  });

  visit('rejects prompt=none without a page', async (p) => {
    const r = w.request(client, { prompt: 'none' });
    await p.page.goto(r.url);
    await p.see('arrived');
    refused(r, 'login_required');
  });

  visit('a wrong password, an unknown user, then the right one', async (p) => {
    const r = w.request(client);
    await p.begin(r);
    for (const [user, password] of [['john', 'other'], ['nobody', 'secret'], ['__proto__', '']]) {
      await p.page.evaluate(() => document.querySelector('#password').removeAttribute('required'));
      await p.page.evaluate(() => document.querySelector('#login-error')?.remove());
      await logIn(p, user, password, 'login-error');
      assert.equal(r.answers().length, 0);
    }
    await logIn(p, 'john', 'secret', 'arrived');
    one(r);
  });

  visit('works with a pushed request and form_post', async (p) => {
    const state = 'pushed to the application';
    const { request_uri } = await w.push(client, { state, response_mode: 'form_post' });
    await p.begin({ url: `${w.issuer}/authorize?${new URLSearchParams({ client_id: client.clientId, request_uri })}` });
    await logIn(p, 'john', 'secret', 'arrived');
    assert.equal(one({ answers: () => w.app.answers(state) }).method, 'POST');
  });

  visit('markup is shown as text', async (p) => {
    const own = await w.newClient({ clientName: evil });
    await p.begin(w.request(own, { login_hint: evil }));
    assert.equal(await p.page.inputValue('#loginId'), evil);
    assert.equal(await p.page.textContent('main b'), evil);
    assert.equal(await p.page.locator('img, script').count(), 0);
  });

  visit('an interaction that is none is an error', async (p) => {
    await p.page.goto(`${login.url}?interaction=x`);
    assert.equal(await p.page.textContent('#error'), 'There is no such interaction.');
  });

  visit('the end-user may come back without an answer, and again after the end', async (p) => {
    const r = w.request(client);
    await p.begin(r);
    const [cookie] = await p.cookies();
    const page = `${w.issuer}/interaction/${cookie.name.replace(/.*_i_/, '')}`;
    await p.page.goto(page);
    await p.see('loginId');
    await logIn(p, 'john', 'secret', 'arrived');
    await p.page.goto(page);
    assert.equal(await title(p), 'This page has expired or was already used.');
    await p.page.goBack();
    await p.page.goBack();
    assert.equal(await p.page.textContent('#error'), 'The interaction has expired or was answered.');
    one(r);
  });
});

describe('an interaction that changes hands', () => {
  visit('begun in one browser, logged in in another: nobody gets a code', async (a, b) => {
    const r = w.request(client);
    await a.begin(r);
    const [cookie] = await a.cookies();
    await b.page.goto(a.page.url());
    await b.see('loginId');
    await logIn(b, 'john', 'secret', 'incident');
    assert.equal(await title(b), 'This page has expired or was already used.');
    const page = `${w.issuer}/interaction/${cookie.name.replace(/.*_i_/, '')}`;
    assert.ok(b.page.url().startsWith(`${page}?answer=`));
    await a.page.goto(`${page}?answer=guessed`);
    assert.equal(await title(a), 'This form did not come from our page.');
    // Without an answer, the one who began is asked to log in himself.
    await a.page.goto(page);
    await a.see('loginId');
    assert.deepEqual(r.answers(), []);
    await logIn(a, 'jane', 'other', 'arrived');
    assert.equal((await w.userinfo(await w.redeem(client, one(r).code))).sub, '1002');
    assert.deepEqual((await b.cookies()), []);
  });
});
