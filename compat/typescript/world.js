// An engine, the SDK with the rights of its owner, and one service and client.
import { Authlete } from '@authlete/typescript-sdk';
import { startEngine } from '../node/server.js';
import { recorder } from './recorder.js';

export const issuer = 'https://as.example';
export const redirect = 'https://client.example/cb?from=a%20b';
export const form = (o) => new URLSearchParams(o).toString();

/** What the SDK would hide or forgive: nothing of it may leave the engine. */
function check({ method, path, status, type, text }) {
  const where = `${method} ${path}: ${status} ${type} ${text}`;
  if (status === 204) {
    if (text !== '') throw new Error(`a body with 204: ${where}`);
    return;
  }
  if (type !== 'application/json;charset=UTF-8') throw new Error(`not the content type: ${where}`);
  const look = (v) => {
    if (v === null) throw new Error(`null: ${where}`);
    if (Number.isInteger(v) && !Number.isSafeInteger(v)) throw new Error(`an integer above 2^53: ${where}`);
    if (typeof v === 'object') Object.values(v).forEach(look);
  };
  look(JSON.parse(text));
}

export async function startWorld() {
  const engine = await startEngine();
  try {
    const wire = recorder(check);
    const sdkAs = (bearer) => new Authlete({ serverURL: engine.api, bearer, httpClient: wire.client });
    const sdk = sdkAs(engine.rootToken);
    const service = await sdk.service.create({
      serviceName: 'TypeScript', issuer,
      authorizationEndpoint: `${issuer}/authorize`, tokenEndpoint: `${issuer}/token`, pushedAuthReqEndpoint: `${issuer}/par`,
      userInfoEndpoint: `${issuer}/userinfo`, registrationEndpoint: `${issuer}/register`,
      supportedGrantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS'], supportedResponseTypes: ['CODE'],
      supportedScopes: [
        { name: 'openid' }, { name: 'profile', description: 'who you are' }, { name: 'read', defaultEntry: true }, { name: 'offline_access' },
      ],
      supportedClaims: ['name', 'email'],
      dynamicRegistrationSupported: true, clientIdAliasEnabled: true, accessTokenDuration: 600, refreshTokenDuration: 6000,
    });
    const serviceId = String(service.apiKey);
    const newClient = (doc) =>
      sdk.client.create({
        serviceId,
        client: {
          clientName: 'an app', clientType: 'CONFIDENTIAL', tokenAuthMethod: 'CLIENT_SECRET_BASIC', redirectUris: [redirect],
          grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS'], responseTypes: ['CODE'], idTokenSignAlg: 'ES256', ...doc,
        },
      });
    const client = await newClient();
    const credentials = { clientId: String(client.clientId), clientSecret: client.clientSecret };

    // The steps of a flow that several tests share.
    const authorize = (params) =>
      sdk.authorization.processRequest({
        serviceId,
        authorizationRequest: {
          parameters: form({ response_type: 'code', client_id: credentials.clientId, redirect_uri: redirect, scope: 'openid profile read', state: 's t', ...params }),
        },
      });
    const code = async (issue, params) => {
      const { ticket } = await authorize(params);
      return sdk.authorization.issue({ serviceId, authorizationIssueRequest: { ticket, subject: '1001', ...issue } });
    };
    const token = (params) => sdk.token.process({ serviceId, tokenRequest: { parameters: form(params), ...credentials } });
    const exchange = async (issue, params) =>
      token({ grant_type: 'authorization_code', code: (await code(issue, params)).authorizationCode, redirect_uri: redirect });

    return { engine, wire, sdk, sdkAs, service, serviceId, client, newClient, credentials, authorize, code, token, exchange, stop: engine.stop };
  } catch (e) {
    engine.stop();
    throw e;
  }
}
