package compat;

import com.authlete.common.api.AuthleteApi;
import com.authlete.common.conf.AuthleteApiVersion;
import com.authlete.common.dto.*;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** What the engine does not have, the library sees as 403 with A001223. What gets built moves to Operations. */
abstract class Unbuilt extends Base {
    /** In version 2 the library makes these calls as the service, which may not change itself. */
    private static final Set<String> BY_RIGHT = Set.of("hskCreate", "hskDelete");

    /** In version 2 the library refuses these itself. */
    private static final Set<String> V3_ONLY = Set.of("tokenCreateBatch", "getTokenCreateBatchStatus");

    Unbuilt(AuthleteApiVersion version) {
        super(version);
    }

    static Map<String, Executable> calls(AuthleteApi api) {
        Map<String, Executable> m = new LinkedHashMap<>();
        m.put("tokenCreate", () -> api.tokenCreate(new TokenCreateRequest()));
        m.put("tokenCreateBatch", () -> api.tokenCreateBatch(new TokenCreateRequest[] {new TokenCreateRequest()}, false));
        m.put("getTokenCreateBatchStatus", () -> api.getTokenCreateBatchStatus("id"));
        m.put("tokenDelete", () -> api.tokenDelete("token"));
        m.put("tokenFail", () -> api.tokenFail(new TokenFailRequest()));
        m.put("tokenIssue", () -> api.tokenIssue(new TokenIssueRequest()));
        m.put("tokenRevoke", () -> api.tokenRevoke(new TokenRevokeRequest()));
        m.put("tokenUpdate", () -> api.tokenUpdate(new TokenUpdateRequest()));
        m.put("getTokenList", () -> api.getTokenList());
        m.put("getRequestableScopes", () -> api.getRequestableScopes(1));
        m.put("setRequestableScopes", () -> api.setRequestableScopes(1, new String[] {"read"}));
        m.put("deleteRequestableScopes", () -> api.deleteRequestableScopes(1));
        m.put("getGrantedScopes", () -> api.getGrantedScopes(1, "1001"));
        m.put("deleteGrantedScopes", () -> api.deleteGrantedScopes(1, "1001"));
        m.put("deleteClientAuthorization", () -> api.deleteClientAuthorization(1, "1001"));
        m.put("getClientAuthorizationList", () -> api.getClientAuthorizationList(new ClientAuthorizationGetListRequest()));
        m.put("updateClientAuthorization", () -> api.updateClientAuthorization(1, new ClientAuthorizationUpdateRequest()));
        m.put("verifyJose", () -> api.verifyJose(new JoseVerifyRequest()));
        m.put("backchannelAuthentication", () -> api.backchannelAuthentication(new BackchannelAuthenticationRequest()));
        m.put("backchannelAuthenticationIssue", () -> api.backchannelAuthenticationIssue(new BackchannelAuthenticationIssueRequest()));
        m.put("backchannelAuthenticationFail", () -> api.backchannelAuthenticationFail(new BackchannelAuthenticationFailRequest()));
        m.put("backchannelAuthenticationComplete", () -> api.backchannelAuthenticationComplete(new BackchannelAuthenticationCompleteRequest()));
        m.put("deviceAuthorization", () -> api.deviceAuthorization(new DeviceAuthorizationRequest()));
        m.put("deviceComplete", () -> api.deviceComplete(new DeviceCompleteRequest()));
        m.put("deviceVerification", () -> api.deviceVerification(new DeviceVerificationRequest()));
        m.put("hskCreate", () -> api.hskCreate(new HskCreateRequest()));
        m.put("hskDelete", () -> api.hskDelete("handle"));
        m.put("hskGet", () -> api.hskGet("handle"));
        m.put("hskGetList", () -> api.hskGetList());
        m.put("nativeSso", () -> api.nativeSso(new NativeSsoRequest(), null));
        m.put("nativeSsoLogout", () -> api.nativeSsoLogout(new NativeSsoLogoutRequest(), null));
        m.put("gm", () -> api.gm(new GMRequest()));
        m.put("federationConfiguration", () -> api.federationConfiguration(new FederationConfigurationRequest()));
        m.put("federationRegistration", () -> api.federationRegistration(new FederationRegistrationRequest()));
        m.put("credentialIssuerMetadata", () -> api.credentialIssuerMetadata(new CredentialIssuerMetadataRequest()));
        m.put("credentialJwtIssuerMetadata", () -> api.credentialJwtIssuerMetadata(new CredentialJwtIssuerMetadataRequest()));
        m.put("credentialIssuerJwks", () -> api.credentialIssuerJwks(new CredentialIssuerJwksRequest()));
        m.put("credentialNonce", () -> api.credentialNonce(new CredentialNonceRequest()));
        m.put("credentialOfferCreate", () -> api.credentialOfferCreate(new CredentialOfferCreateRequest()));
        m.put("credentialOfferInfo", () -> api.credentialOfferInfo(new CredentialOfferInfoRequest()));
        m.put("credentialSingleParse", () -> api.credentialSingleParse(new CredentialSingleParseRequest()));
        m.put("credentialSingleIssue", () -> api.credentialSingleIssue(new CredentialSingleIssueRequest()));
        m.put("credentialBatchParse", () -> api.credentialBatchParse(new CredentialBatchParseRequest()));
        m.put("credentialBatchIssue", () -> api.credentialBatchIssue(new CredentialBatchIssueRequest()));
        m.put("credentialDeferredParse", () -> api.credentialDeferredParse(new CredentialDeferredParseRequest()));
        m.put("credentialDeferredIssue", () -> api.credentialDeferredIssue(new CredentialDeferredIssueRequest()));
        m.put("idTokenReissue", () -> api.idTokenReissue(new IDTokenReissueRequest()));
        return m;
    }

    @TestFactory
    Stream<DynamicTest> everyOneIsRefused() {
        return calls(api).entrySet().stream().filter(e -> !v2() || !V3_ONLY.contains(e.getKey())).map(e -> DynamicTest.dynamicTest(e.getKey(),
            () -> refused(403, v2() && BY_RIGHT.contains(e.getKey()) ? "A901205" : "A001223", e.getValue())));
    }
}
