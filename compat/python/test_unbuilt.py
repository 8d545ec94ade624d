"""What the engine does not have, the library sees as 403 with A001223. What gets built moves to test_operations."""
import unittest

from authlete.dto import (
    BackchannelAuthenticationCompleteRequest, BackchannelAuthenticationFailRequest, BackchannelAuthenticationIssueRequest,
    BackchannelAuthenticationRequest, ClientAuthorizationGetListRequest, ClientAuthorizationUpdateRequest,
    CredentialBatchIssueRequest, CredentialBatchParseRequest, CredentialDeferredIssueRequest,
    CredentialDeferredParseRequest, CredentialIssuerJwksRequest, CredentialIssuerMetadataRequest,
    CredentialJwtIssuerMetadataRequest, CredentialOfferCreateRequest, CredentialOfferInfoRequest,
    CredentialSingleIssueRequest, CredentialSingleParseRequest, DeviceAuthorizationRequest, DeviceCompleteRequest,
    DeviceVerificationRequest, FederationConfigurationRequest, FederationRegistrationRequest, GrantManagementRequest,
    HskCreateRequest, IDTokenReissueRequest, JoseVerifyRequest, TokenCreateRequest, TokenFailRequest, TokenIssueRequest,
    TokenRevokeRequest, TokenUpdateRequest,
)

from support import Case

UNBUILT = {
    'tokenCreate': [TokenCreateRequest()],
    'tokenDelete': ['token'],
    'tokenFail': [TokenFailRequest()],
    'tokenIssue': [TokenIssueRequest()],
    'tokenRevoke': [TokenRevokeRequest()],
    'tokenUpdate': [TokenUpdateRequest()],
    'getTokenList': [],
    'getRequestableScopes': [1],
    'setRequestableScopes': [1, ['read']],
    'deleteRequestableScopes': [1],
    'getGrantedScopes': [1, '1001'],
    'deleteGrantedScopes': [1, '1001'],
    'deleteClientAuthorization': [1, '1001'],
    'getClientAuthorizationList': [ClientAuthorizationGetListRequest()],
    'updateClientAuthorization': [1, ClientAuthorizationUpdateRequest()],
    'verifyJose': [JoseVerifyRequest()],
    'backchannelAuthentication': [BackchannelAuthenticationRequest()],
    'backchannelAuthenticationIssue': [BackchannelAuthenticationIssueRequest()],
    'backchannelAuthenticationFail': [BackchannelAuthenticationFailRequest()],
    'backchannelAuthenticationComplete': [BackchannelAuthenticationCompleteRequest()],
    'deviceAuthorization': [DeviceAuthorizationRequest()],
    'deviceComplete': [DeviceCompleteRequest()],
    'deviceVerification': [DeviceVerificationRequest()],
    'hskCreate': [HskCreateRequest()],
    'hskDelete': ['handle'],
    'hskGet': ['handle'],
    'hskGetList': [],
    'gm': [GrantManagementRequest()],
    'federationConfiguration': [FederationConfigurationRequest()],
    'federationRegistration': [FederationRegistrationRequest()],
    'credentialIssuerMetadata': [CredentialIssuerMetadataRequest()],
    'credentialJwtIssuerMetadata': [CredentialJwtIssuerMetadataRequest()],
    'credentialIssuerJwks': [CredentialIssuerJwksRequest()],
    'credentialOfferCreate': [CredentialOfferCreateRequest()],
    'credentialOfferInfo': [CredentialOfferInfoRequest()],
    'credentialSingleParse': [CredentialSingleParseRequest()],
    'credentialSingleIssue': [CredentialSingleIssueRequest()],
    'credentialBatchParse': [CredentialBatchParseRequest()],
    'credentialBatchIssue': [CredentialBatchIssueRequest()],
    'credentialDeferredParse': [CredentialDeferredParseRequest()],
    'credentialDeferredIssue': [CredentialDeferredIssueRequest()],
    'idTokenReissue': [IDTokenReissueRequest()],
}

# In version 2 the library makes these calls as the service, which may not change itself.
BY_RIGHT = {'V2': {'hskCreate', 'hskDelete'}, 'V3': set()}


class Unbuilt(Case):
    def test_everyOneIsRefused(self):
        for name, arguments in UNBUILT.items():
            with self.subTest(name):
                code = 'A901205' if name in BY_RIGHT[self.version] else 'A001223'
                self.refused(403, code, getattr(self.api, name), *arguments)


class UnbuiltV2(Unbuilt, unittest.TestCase):
    version = 'V2'


class UnbuiltV3(Unbuilt, unittest.TestCase):
    version = 'V3'
