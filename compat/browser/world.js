// What the tests share: an engine and a front, a client that browsers come
// back to, and people with Chromium.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { start } from '../node/server.js';

const launchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
};

/** A client: its callback, and pages of anybody else's. */
class App {
  #answers = new Map(); // what reached the callback, by state
  pages = new Map(); // HTML by path

  async start() {
    this.server = createServer((request, response) => this.#serve(request, response));
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    const { port } = this.server.address();
    this.origin = `http://127.0.0.1:${port}`; // another site than the front
    this.neighbour = `http://localhost:${port}`; // another origin of the same site
    this.callback = `${this.origin}/cb`;
  }

  async #serve(request, response) {
    const url = new URL(request.url, this.origin);
    response.setHeader('content-type', 'text/html;charset=UTF-8');
    if (url.pathname === '/cb') {
      let body = '';
      for await (const chunk of request) body += chunk;
      const values = Object.fromEntries(request.method === 'POST' ? new URLSearchParams(body) : url.searchParams);
      if (!this.#answers.has(values.state)) this.#answers.set(values.state, []);
      this.#answers.get(values.state).push({ ...values, method: request.method });
      response.end(page(`<h1 id="arrived">${values.code ? 'a code' : 'no code'}</h1>`));
    } else if (this.pages.has(url.pathname)) {
      response.end(page(this.pages.get(url.pathname)));
    } else {
      response.writeHead(404).end(page('nothing here'));
    }
  }

  /** Everything that came back for a state. */
  answers(state) {
    return this.#answers.get(state) ?? [];
  }

  stop() {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

const page = (html) => `<!DOCTYPE html><html lang="en"><meta charset="UTF-8"><link rel="icon" href="data:,"><title>client</title>${html}</html>`;

/** An engine, a front, a client and a browser. */
export async function world(service = {}, options = {}) {
  const app = new App();
  let server, chrome;
  const stop = async () => {
    await chrome?.close();
    app.stop();
    server?.stop();
  };
  try {
    await app.start();
    server = await start({ serviceName: 'Example Bank', ...service }, options);
    chrome = await chromium.launch(launchOptions);
  } catch (e) {
    await stop();
    throw e;
  }

  const newClient = (extra = {}) =>
    server.newClient({
      clientName: 'Household Budget', clientType: 'CONFIDENTIAL', redirectUris: [app.callback],
      grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'], responseTypes: ['CODE'], ...extra,
    });

  /** An authorization request: its address, its state and what comes of it. */
  const request = (client, parameters = {}) => {
    const state = parameters.state ?? randomBytes(8).toString('hex');
    const form = new URLSearchParams({
      client_id: client.clientId, response_type: 'code', scope: 'openid profile', redirect_uri: app.callback, ...parameters, state,
    });
    return { url: `${server.issuer}/authorize?${form}`, form, state, answers: () => app.answers(state) };
  };

  const post = async (client, endpoint, parameters) => {
    const r = await fetch(`${server.plain}/${endpoint}`, {
      method: 'POST',
      headers: { authorization: 'Basic ' + Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64') },
      body: new URLSearchParams(parameters),
    });
    const answer = await r.json();
    assert.ok(r.ok, `${endpoint}: ${r.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const redeem = (client, code) => post(client, 'token', { grant_type: 'authorization_code', code, redirect_uri: app.callback });
  const refresh = (client, token) => post(client, 'token', { grant_type: 'refresh_token', refresh_token: token });
  const push = (client, parameters) => post(client, 'par', request(client, parameters).form);
  const userinfo = async (tokens) => (await fetch(`${server.plain}/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).json();

  const person = (settings) => Person.come(chrome, { issuer: server.issuer, app, settings });

  return { server, app, issuer: server.issuer, chrome, newClient, request, redeem, refresh, push, userinfo, person, stop };
}

/**
 * Somebody with a browser of their own. Whatever the browser complains about,
 * and every request that leaves for a place unknown, is remembered.
 */
export class Person {
  static async come(chrome, { issuer, app, settings }) {
    const p = new Person();
    const { also = [], ...context } = settings ?? {};
    p.faults = [];
    p.issuer = issuer;
    p.app = app;
    p.context = await chrome.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...context });
    p.context.setDefaultTimeout(10000);
    const known = [issuer, app.origin, app.neighbour, ...also].map((u) => new URL(u).origin);
    p.context.on('request', (r) => {
      const url = new URL(r.url());
      if (url.protocol !== 'data:' && !known.includes(url.origin)) p.faults.push(`a request left for ${r.url()}`);
    });
    p.setCookies = []; // as they were sent
    p.context.on('response', async (r) => {
      const all = await r.headersArray().catch(() => []);
      p.setCookies.push(...all.filter((h) => h.name.toLowerCase() === 'set-cookie').map((h) => h.value));
    });
    p.context.on('console', (m) => {
      // A page that is a refusal has a status that Chromium calls an error.
      const refusal = /^Failed to load resource: the server responded with a status of (400|403|429|500|503) /.test(m.text());
      const ofPage = m.location().url === m.page()?.url();
      if (['error', 'warning'].includes(m.type()) && !(refusal && ofPage)) p.faults.push(`${m.text()} (${m.location().url})`);
    });
    p.context.on('weberror', (e) => p.faults.push(`script error: ${e.error()}`));
    p.context.on('dialog', (d) => {
      p.faults.push(`a dialog opened: ${d.message()}`);
      d.dismiss();
    });
    p.page = await p.tab();
    return p;
  }

  tab() {
    return this.context.newPage();
  }

  async see(id, page = this.page) {
    await page.waitForSelector(`#${id}`);
  }

  /** Opens a request and sees the login page. */
  async begin(request, page = this.page) {
    await page.goto(request.url);
    await this.see('loginId', page);
  }

  async logIn({ user = 'john', password = 'secret', expect = 'signed-in', page = this.page } = {}) {
    await page.fill('#loginId', user);
    await page.fill('#password', password);
    await page.click('#authorize-button');
    await this.see(expect, page);
  }

  /** Presses a button and arrives back at the client. */
  async press(id, page = this.page) {
    await page.click(`#${id}`);
    await this.see('arrived', page);
  }

  /** Logs in and allows. */
  async through(request, options = {}) {
    await this.begin(request, options.page);
    await this.logIn(options);
    await this.press('authorize-button', options.page);
    return one(request);
  }

  cookies() {
    return this.context.cookies();
  }

  /** Who is on the consent page. */
  signedIn(page = this.page) {
    return page.textContent('#signed-in');
  }

  focused(page = this.page) {
    return page.evaluate(() => document.activeElement.id || document.activeElement.localName);
  }

  clean() {
    assert.deepEqual(this.faults, []);
  }

  async leave() {
    await this.context.close();
  }
}

/** The one answer to a request, which has a code. */
export function one(request) {
  const got = request.answers();
  assert.equal(got.length, 1, JSON.stringify(got));
  assert.ok(got[0].code, JSON.stringify(got));
  return got[0];
}

/** The one answer to a request, which is this error. */
export function refused(request, error) {
  const got = request.answers();
  assert.deepEqual(got.map((a) => [a.error, a.code]), [[error, undefined]]);
}

/** A test with one person, whose browser has nothing to complain of. */
export function visit(name, who, settings, walk) {
  if (!walk) [settings, walk] = [{}, settings];
  test(name, async () => {
    const person = await who().person(settings);
    try {
      await walk(person);
      person.clean();
    } finally {
      await person.leave();
    }
  });
}

/** Long enough for a browser to do what it must not do. */
export const moment = (ms = 400) => new Promise((done) => setTimeout(done, ms));

/** Markup that shows if it is taken for markup. */
export const evil = `"'><img src=x onerror=alert(1)><script>alert(2)</script></p><b>`;
