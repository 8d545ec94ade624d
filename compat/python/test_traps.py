"""What requests of the library look like, and which answers it cannot read."""
import json
import re
import unittest

from authlete.dto import (
    AuthorizationAction, AuthorizationRequest, Client, ClientRegistrationAction, ClientRegistrationRequest, IntrospectionRequest, Scope,
    Service, TaggedValue, TokenAction, TokenRequest,
)
from authlete.types.client_type import ClientType
from authlete.types.grant_type import GrantType
from authlete.types.jws_alg import JWSAlg

from engine import engine
from support import CALLBACK, Case, library, make, plain_client, plain_service, query

PATH_SAFE = re.compile(r'[A-Za-z0-9._~-]+')
INT32 = 2**31 - 1
TOO_LARGE = 2**31


def nulls(value, path=''):
    """Where a JSON value has null."""
    if value is None:
        return [path]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [n for k, v in inner for n in nulls(v, f'{path}/{k}')]


def changed(document, member, value):
    setattr(document, member, value)
    return document


class Traps(Case):
    def headers(self):
        return engine().basic(self.service.apiKey, self.service.apiSecret) if self.version == 'V2' else {
            'Authorization': 'Bearer ' + self.token}

    def path(self, rest):
        return '/api/' + rest if self.version == 'V2' else f'/api/{self.service.apiKey}/{rest}'

    def raw(self, method, rest, doc=None, **headers):
        body = None if doc is None else doc if isinstance(doc, bytes) else json.dumps(doc).encode()
        return engine().http(method, self.path(rest), body, {'Content-Type': 'application/json', **self.headers(), **headers})

    # Requests

    def test_nullsAndZerosMeanNothing(self):
        """The library sends every member of a document; one with nothing set is as good as an empty one."""
        sent = json.loads(plain_client().to_json())
        self.assertIn(None, sent.values())
        self.assertEqual((sent['defaultMaxAge'], sent['locked']), (0, False))
        full = self.api.createClient(plain_client())
        given = {k: v for k, v in sent.items() if v not in (None, 0, False)}
        bare = json.loads(self.raw('POST', 'client/create', given)[2])
        own = {'clientId', 'clientIdAlias', 'clientSecret', 'createdAt', 'modifiedAt', 'number'}
        got = json.loads(self.raw('GET', f'client/get/{full.clientId}')[2])
        self.assertEqual({k: v for k, v in got.items() if k not in own}, {k: v for k, v in bare.items() if k not in own})
        # A service as the library knows it, written back, changes nothing.
        before = self.owner.getService(self.service.apiKey)
        after = self.owner.updateService(before)
        before.modifiedAt = after.modifiedAt = 0
        self.assertEqual(after.to_json(), before.to_json())

    def test_booleansOfQueriesHaveAnyCase(self):
        for text, pretty in (('True', True), ('true', True), ('TRUE', True), ('False', False), ('false', False)):
            status, _, body = self.raw('GET', f'service/jwks/get?pretty={text}&includePrivateKeys=False')
            self.assertEqual((status, '\n' in body), (200, pretty), text)
        self.assertEqual(self.raw('GET', 'service/jwks/get?pretty=maybe')[0], 400)

    def test_echoWithoutApi(self):
        for path in ('/misc/echo', '/api/misc/echo'):
            status, _, body = engine().http('GET', path + '?n=1&t=true')
            self.assertEqual((status, json.loads(body)), (200, {'n': '1', 't': 'true'}), path)

    def test_contentTypeOnGetAndDelete(self):
        made = self.api.createClient(plain_client())
        for kind in ('application/json', 'application/json; charset=UTF-8', 'text/plain'):
            self.assertEqual(self.raw('GET', f'client/get/{made.clientId}', **{'Content-Type': kind})[0], 200, kind)
        self.assertEqual(self.raw('DELETE', f'client/delete/{made.clientId}', **{'Content-Type': 'text/plain'})[0], 204)

    def test_escapesOfJson(self):
        body = b'{"parameters":"' + self.parameters().replace('&', '\\u0026').replace('=', '\\u003d').encode() + b'"}'
        status, _, text = self.raw('POST', 'auth/authorization', body)
        self.assertEqual((status, json.loads(text)['action']), (200, 'INTERACTION'))

    def test_emptyParametersAreTheClientsMistake(self):
        """Front ends pass on what they got, also where it is nothing; the client is to be told, not the caller."""
        self.assertEqual(self.api.authorization(make(AuthorizationRequest, parameters='')).action, AuthorizationAction.BAD_REQUEST)
        self.assertEqual(self.api.token(make(TokenRequest, parameters='')).action, TokenAction.INVALID_CLIENT)
        self.refused(400, 'A004201', self.api.token, make(TokenRequest))

    def test_noServiceConfigured(self):
        """/api/None/… is what the library makes of no service: not found, and said so in JSON."""
        for name in ('None', 'null'):
            status, headers, body = engine().http('GET', f'/api/{name}/client/get/list', headers=engine().owner())
            self.assertEqual((status, json.loads(body)['resultCode']), (404, 'A901209'), name)
            self.assertTrue(headers['Content-Type'].startswith('application/json'))
        if self.version == 'V3':
            self.refused(404, 'A901209', library('V3').getClientList)

    # Answers

    def test_noNulls(self):
        t = self.tokens()
        answers = [
            self.raw('POST', 'auth/authorization', {'parameters': self.parameters()}),
            self.raw('POST', 'auth/introspection', {'token': t.accessToken}),
            self.raw('POST', 'auth/userinfo', {'token': t.accessToken}),
            self.raw('GET', 'client/get/list'), self.raw('GET', f'client/get/{self.client.clientId}'),
            engine().http('GET', '/api/service/get/list', headers=engine().owner()),
        ]
        for status, _, body in answers:
            self.assertEqual(status, 200, body)
            self.assertEqual(nulls(json.loads(body)), [])

    def test_defaultsAreReadableByClosedEnums(self):
        """What nobody asked for has no value that the library does not know: it would fail to read it."""
        made = self.owner.createService(make(Service, serviceName='bare', supportedScopes=[make(Scope, name='openid')]))
        owner = library(self.version, made.apiKey, made.apiSecret)
        self.assertEqual(owner.getService(made.apiKey).serviceName, 'bare')
        api = library(self.version, made.apiKey, made.apiSecret)
        for kind in ClientType:
            client = api.createClient(make(Client, clientType=kind))
            self.assertEqual(api.getClient(client.clientId).grantTypes, [GrantType.AUTHORIZATION_CODE])
        # The library fails with a KeyError where it does not know a value, so reading is the test.
        with self.assertRaises(KeyError):
            Service({'accessTokenSignAlg': 'EdDSA'})

    def test_registeredClientsAreReadable(self):
        r = self.api.dynamicClientRegister(make(ClientRegistrationRequest, json=json.dumps({'redirect_uris': [CALLBACK]})))
        self.assertEqual(r.action, ClientRegistrationAction.CREATED)
        self.assertEqual((r.client.idTokenSignAlg, r.client.clientType), (JWSAlg.RS256, ClientType.CONFIDENTIAL))

    def test_integersFitInto32Bits(self):
        r = self.authorize(max_age='99999999999')
        self.assertEqual(r.maxAge, INT32)
        r = self.api.authorization(make(AuthorizationRequest, parameters=self.parameters(max_age='9' * 40)))
        self.assertEqual((r.action, query(r.responseContent)['error']), (AuthorizationAction.LOCATION, 'invalid_request'))
        self.refused(400, 'A901202', self.api.getClientList, None, 0, TOO_LARGE)
        self.assertEqual(self.api.createClient(plain_client(defaultMaxAge=INT32)).defaultMaxAge, INT32)
        self.refused(400, 'A901210', self.api.createClient, plain_client(defaultMaxAge=TOO_LARGE))

    def test_registrationOfALargeMaxAge(self):
        r = self.api.dynamicClientRegister(make(ClientRegistrationRequest, json=json.dumps(
            {'redirect_uris': [CALLBACK], 'default_max_age': 99999999999})))
        self.assertEqual((r.action, json.loads(r.responseContent)['error']), (ClientRegistrationAction.BAD_REQUEST, 'invalid_client_metadata'))

    def test_badURIsAreRefused(self):
        """One client with such a text makes the list of all unreadable for the Java library."""
        bad = ['https://x.example/a b', 'https://x.example/{a}', 'http://[', '%zz', 'https://x.example/^']
        for member in ('logoUri', 'clientUri', 'policyUri', 'tosUri', 'jwksUri', 'sectorIdentifierUri', 'loginUri'):
            for text in bad:
                with self.subTest(member=member, text=text):
                    self.refused(400, 'A901210', self.api.createClient, plain_client(**{member: text}))
        for member in ('logoUris', 'clientUris', 'policyUris', 'tosUris'):
            with self.subTest(member=member):
                self.refused(400, 'A901210', self.api.createClient,
                             plain_client(**{member: [make(TaggedValue, tag='ja', value='a b')]}))
        made = self.api.createClient(plain_client(logoUri='https://x.example/a%20b'))
        self.assertEqual(made.logoUri, 'https://x.example/a%20b')
        made.logoUri = 'a b'
        self.refused(400, 'A901210', self.api.updateClient, made)
        for member in ('serviceDocumentation', 'policyUri', 'tosUri', 'tokenEndpoint', 'jwksUri'):
            with self.subTest(member=member):
                self.refused(400, 'A901210', self.owner.createService, changed(plain_service(), member, 'a b'))

    def test_noKeysAreAnEmptySet(self):
        made = self.owner.createService(plain_service(jwks='{"keys":[]}'))
        self.assertEqual(json.loads(library(self.version, made.apiKey, made.apiSecret).getServiceJwks()), {'keys': []})

    def test_handlesAreSafeInPaths(self):
        t = self.tokens()
        r = self.authorize()
        for value in (t.accessToken, t.refreshToken, r.ticket, self.client.clientSecret, self.service.apiSecret, self.token,
                      self.code()):
            self.assertRegex(value, f'^{PATH_SAFE.pattern}$')

    def test_aServiceReachesNoOther(self):
        other = self.owner.createService(plain_service())
        token = engine().call('/api/servicetoken/create', {'serviceId': other.apiKey})['accessToken']
        theirs = library(self.version, other.apiKey, other.apiSecret, token)
        made = theirs.createClient(plain_client())
        self.refused(404, 'A001212', self.api.getClient, made.clientId)
        self.refused(404, 'A001212', self.api.deleteClient, made.clientId)
        foreign = library(self.version, other.apiKey, 'wrong', self.token)
        self.refused(*((401, 'A990202') if self.version == 'V2' else (403, 'A901205')), foreign.getClientList)
        t = self.tokens()
        self.assertEqual(theirs.introspection(make(IntrospectionRequest, token=t.accessToken)).existent, False)
        self.assertEqual(theirs.getClient(made.clientId).clientName, 'web')


class TrapsV2(Traps, unittest.TestCase):
    version = 'V2'


class TrapsV3(Traps, unittest.TestCase):
    version = 'V3'
