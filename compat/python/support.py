"""What the tests share: the library in both versions, and a walk through a login."""
import base64
import hashlib
import time
from urllib.parse import parse_qs, urlencode, urlsplit

from authlete.api.authlete_api_exception import AuthleteApiException
from authlete.api.authlete_api_impl import AuthleteApiImpl
from authlete.conf.authlete_configuration import AuthleteConfiguration
from authlete.dto import (
    AuthorizationAction, AuthorizationIssueRequest, AuthorizationRequest, Client, Scope, Service, TokenAction, TokenRequest,
)
from authlete.types.client_type import ClientType
from authlete.types.grant_type import GrantType
from authlete.types.response_type import ResponseType

from engine import engine

ISSUER = 'https://as.example'
CALLBACK = 'https://client.example/cb'
VERIFIER = 'v' * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b'=').decode()
LOGIN = int(time.time()) - 10


def make(cls, **values):
    """One of the library's documents. It refuses names that it does not know."""
    o = cls()
    for name, value in values.items():
        setattr(o, name, value)
    return o


def library(version, service=None, secret=None, token=None):
    """The library with the credentials of one service, or of the owner."""
    owner = {'serviceOwnerApiKey': '0', 'serviceOwnerApiSecret': engine().root}
    mine = {'serviceApiKey': service and str(service), 'serviceApiSecret': secret} if version == 'V2' else {
        'serviceApiKey': service and str(service), 'serviceAccessToken': token or engine().root}
    return AuthleteApiImpl(AuthleteConfiguration({'apiVersion': version, 'baseUrl': engine().url, **owner, **mine}))


def plain_service(**values):
    return make(
        Service, serviceName='compat', issuer=ISSUER, authorizationEndpoint=ISSUER + '/authorize',
        tokenEndpoint=ISSUER + '/token', userInfoEndpoint=ISSUER + '/userinfo', jwksUri=ISSUER + '/jwks',
        registrationEndpoint=ISSUER + '/register', registrationManagementEndpoint=ISSUER + '/register',
        pushedAuthReqEndpoint=ISSUER + '/par', dynamicRegistrationSupported=True,
        supportedScopes=[make(Scope, name=n) for n in ('openid', 'profile', 'read')],
        supportedClaims=['name', 'email'], **values)


def plain_client(**values):
    return make(Client, **{
        'clientName': 'web', 'clientType': ClientType.CONFIDENTIAL, 'redirectUris': [CALLBACK],
        'responseTypes': [ResponseType.CODE],
        'grantTypes': [GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.CLIENT_CREDENTIALS], **values})


def query(url):
    return {k: v[0] for k, v in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


class Case:
    """A service, made with the library, and the library as that service. Subclasses say which version."""
    version = None
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.owner = library(cls.version)
        cls.service = cls.owner.createService(plain_service())
        cls.token = engine().call('/api/servicetoken/create', {'serviceId': cls.service.apiKey})['accessToken']
        cls.api = library(cls.version, cls.service.apiKey, cls.service.apiSecret, cls.token)
        cls.owner = library(cls.version, cls.service.apiKey, cls.service.apiSecret)
        cls.client = cls.api.createClient(plain_client())

    def refused(self, status, code, call, *args):
        """The call fails as an exception of the library, with this status and code."""
        with self.assertRaises(AuthleteApiException) as caught:
            call(*args)
        self.assertIsNotNone(caught.exception.response, caught.exception.cause)
        self.assertEqual(caught.exception.response.status_code, status, caught.exception.message)
        self.assertIn(f'[{code}]', caught.exception.message)

    def parameters(self, client=None, **more):
        return urlencode({
            'client_id': (client or self.client).clientId, 'response_type': 'code', 'redirect_uri': CALLBACK,
            'scope': 'openid read', 'state': 'a=b&c', 'nonce': 'n', 'code_challenge': CHALLENGE,
            'code_challenge_method': 'S256', **more})

    def authorize(self, client=None, **more):
        r = self.api.authorization(make(AuthorizationRequest, parameters=self.parameters(client, **more)))
        self.assertEqual(r.action, AuthorizationAction.INTERACTION, r)
        return r

    def code(self, client=None, issue=None, **more):
        r = self.api.authorizationIssue(make(AuthorizationIssueRequest, ticket=self.authorize(client, **more).ticket,
                                             subject='1001', authTime=LOGIN, **(issue or {})))
        return query(r.responseContent)['code']

    def redeem(self, form, client=None, **more):
        client = client or self.client
        return self.api.token(make(TokenRequest, parameters=urlencode(form), clientId=str(client.clientId),
                                   clientSecret=client.clientSecret, **more))

    def tokens(self, client=None, **more):
        r = self.redeem({'grant_type': 'authorization_code', 'code': self.code(client, **more), 'redirect_uri': CALLBACK,
                         'code_verifier': VERIFIER}, client)
        self.assertEqual(r.action, TokenAction.OK, r)
        return r
