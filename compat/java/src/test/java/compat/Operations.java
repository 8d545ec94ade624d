package compat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.authlete.common.api.AuthleteApi;
import com.authlete.common.conf.AuthleteApiVersion;
import com.authlete.common.dto.AuthorizationFailRequest;
import com.authlete.common.dto.AuthorizationFailResponse;
import com.authlete.common.dto.AuthorizationIssueRequest;
import com.authlete.common.dto.AuthorizationIssueResponse;
import com.authlete.common.dto.AuthorizationRequest;
import com.authlete.common.dto.AuthorizationResponse;
import com.authlete.common.dto.AuthorizationTicketInfo;
import com.authlete.common.dto.AuthorizationTicketInfoRequest;
import com.authlete.common.dto.AuthorizationTicketInfoResponse;
import com.authlete.common.dto.AuthorizationTicketUpdateRequest;
import com.authlete.common.dto.AuthorizationTicketUpdateResponse;
import com.authlete.common.dto.Client;
import com.authlete.common.dto.ClientListResponse;
import com.authlete.common.dto.ClientRegistrationRequest;
import com.authlete.common.dto.ClientRegistrationResponse;
import com.authlete.common.dto.ClientSecretRefreshResponse;
import com.authlete.common.dto.ClientSecretUpdateResponse;
import com.authlete.common.dto.IntrospectionRequest;
import com.authlete.common.dto.IntrospectionResponse;
import com.authlete.common.dto.Pair;
import com.authlete.common.dto.Property;
import com.authlete.common.dto.PushedAuthReqRequest;
import com.authlete.common.dto.PushedAuthReqResponse;
import com.authlete.common.dto.RevocationRequest;
import com.authlete.common.dto.RevocationResponse;
import com.authlete.common.dto.Scope;
import com.authlete.common.dto.Service;
import com.authlete.common.dto.ServiceConfigurationRequest;
import com.authlete.common.dto.ServiceListResponse;
import com.authlete.common.dto.StandardIntrospectionRequest;
import com.authlete.common.dto.StandardIntrospectionResponse;
import com.authlete.common.dto.TokenRequest;
import com.authlete.common.dto.TokenResponse;
import com.authlete.common.dto.UserInfoIssueRequest;
import com.authlete.common.dto.UserInfoIssueResponse;
import com.authlete.common.dto.UserInfoRequest;
import com.authlete.common.dto.UserInfoResponse;
import com.authlete.common.types.ClientAuthMethod;
import com.authlete.common.types.ClientType;
import com.authlete.common.types.Display;
import com.authlete.common.types.FapiMode;
import com.authlete.common.types.GrantType;
import com.authlete.common.types.JWSAlg;
import com.authlete.common.types.Prompt;
import com.authlete.common.types.ResponseType;
import com.authlete.common.types.ServiceProfile;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every operation of the library. What stands before _ in a test's name is the method. */
abstract class Operations extends Base {
    Operations(AuthleteApiVersion version) {
        super(version);
    }

    private static List<String> names(Scope[] scopes) {
        return Arrays.stream(scopes).map(Scope::getName).toList();
    }

    // Authorization

    @Test
    void authorization() {
        AuthorizationResponse r = authorize("prompt", "login", "display", "page", "ui_locales", "ja en", "login_hint", "john", "max_age", "60",
            "claims", "{\"userinfo\":{\"email\":{\"essential\":true}}}");
        assertEquals("A004001", r.getResultCode());
        assertEquals(service.getApiKey(), r.getService().getApiKey());
        assertEquals(client.getClientId(), r.getClient().getClientId());
        assertEquals("web", r.getClient().getClientName());
        assertEquals(List.of("openid", "read"), names(r.getScopes()));
        assertEquals(Display.PAGE, r.getDisplay());
        assertArrayEquals(new String[] {"ja", "en"}, r.getUiLocales());
        assertEquals("john", r.getLoginHint());
        assertEquals(60, r.getMaxAge());
        assertArrayEquals(new Prompt[] {Prompt.LOGIN}, r.getPrompts());
        assertArrayEquals(new String[] {"email"}, r.getClaimsAtUserInfo());
        assertEquals(json("{\"email\":{\"essential\":true}}"), json(r.getUserInfoClaims()));
    }

    @Test
    void authorization_refused() {
        AuthorizationResponse r = api.authorization(new AuthorizationRequest().setParameters("client_id=1&response_type=code"));
        assertEquals(AuthorizationResponse.Action.BAD_REQUEST, r.getAction());
        assertEquals("invalid_request", error(r.getResponseContent()));
        r = api.authorization(new AuthorizationRequest().setParameters(parameters(client, "response_type", "token")));
        assertEquals(AuthorizationResponse.Action.LOCATION, r.getAction());
        assertTrue(r.getResponseContent().startsWith(CALLBACK) && r.getResponseContent().contains("unsupported_response_type"), r.getResponseContent());
        r = api.authorization(new AuthorizationRequest().setParameters(parameters(client, "response_mode", "form_post", "max_age", "-1")));
        assertEquals(AuthorizationResponse.Action.FORM, r.getAction());
        assertTrue(r.getResponseContent().contains("<form") && r.getResponseContent().contains("invalid_request"), r.getResponseContent());
    }

    @Test
    void authorization_noInteraction() {
        AuthorizationResponse r = api.authorization(new AuthorizationRequest().setParameters(parameters(client, "prompt", "none")));
        assertEquals(AuthorizationResponse.Action.NO_INTERACTION, r.getAction());
        assertFalse(r.getTicket().isEmpty());
    }

    @Test
    void authorizationIssue() throws Exception {
        AuthorizationIssueRequest request = new AuthorizationIssueRequest().setTicket(authorize().getTicket()).setSubject("1001").setAuthTime(LOGIN)
            .setAcr("loa2").setScopes(new String[] {"openid"}).setClaims(Map.of("name", "J\u00f6hn"))
            .setProperties(new Property[] {new Property("k", "v"), new Property("h", "w", true)});
        AuthorizationIssueResponse r = api.authorizationIssue(request);
        assertEquals(AuthorizationIssueResponse.Action.LOCATION, r.getAction());
        Map<String, String> q = query(r.getResponseContent());
        assertEquals("a=b&c", q.get("state"));
        assertEquals(ISSUER, q.get("iss"));
        assertEquals(q.get("code"), r.getAuthorizationCode());
        TokenResponse t = redeem("grant_type", "authorization_code", "code", q.get("code"), "redirect_uri", CALLBACK, "code_verifier", VERIFIER);
        JsonObject content = json(t.getResponseContent());
        assertEquals("openid", text(content, "scope"));
        assertEquals("v", text(content, "k"));
        assertFalse(content.has("h"));
        SignedJWT id = SignedJWT.parse(t.getIdToken());
        RSAKey key = JWKSet.parse(api.getServiceJwks()).getKeyByKeyId(id.getHeader().getKeyID()).toRSAKey();
        assertTrue(id.verify(new RSASSAVerifier(key)));
        JWTClaimsSet c = id.getJWTClaimsSet();
        assertEquals(List.of(ISSUER, "1001", "n", "loa2", "J\u00f6hn", LOGIN), List.of(c.getIssuer(), c.getSubject(), c.getClaim("nonce"),
            c.getClaim("acr"), c.getClaim("name"), c.getClaim("auth_time")));
        assertEquals(AuthorizationIssueResponse.Action.BAD_REQUEST, api.authorizationIssue(request).getAction());
    }

    @Test
    void authorizationFail() {
        AuthorizationFailRequest request = new AuthorizationFailRequest().setTicket(authorize().getTicket()).setReason(AuthorizationFailRequest.Reason.DENIED);
        AuthorizationFailResponse r = api.authorizationFail(request);
        assertEquals(AuthorizationFailResponse.Action.LOCATION, r.getAction());
        assertEquals("access_denied", query(r.getResponseContent()).get("error"));
        assertEquals("a=b&c", query(r.getResponseContent()).get("state"));
        assertEquals(AuthorizationFailResponse.Action.BAD_REQUEST, api.authorizationFail(request).getAction());
    }

    @Test
    void authorizationFail_everyReason() {
        Set<String> seen = new TreeSet<>();
        for (AuthorizationFailRequest.Reason reason : AuthorizationFailRequest.Reason.values()) {
            AuthorizationFailResponse r = api.authorizationFail(new AuthorizationFailRequest().setTicket(authorize().getTicket()).setReason(reason));
            assertEquals(AuthorizationFailResponse.Action.LOCATION, r.getAction(), reason.name());
            seen.add(query(r.getResponseContent()).get("error"));
        }
        assertTrue(seen.containsAll(Set.of("access_denied", "login_required", "consent_required", "server_error", "interaction_required")), seen::toString);
    }

    @Test
    void authorizationTicketInfo() {
        AuthorizationResponse a = api.authorization(new AuthorizationRequest().setParameters(parameters(client)).setContext("mine"));
        AuthorizationTicketInfoResponse r = api.authorizationTicketInfo(new AuthorizationTicketInfoRequest().setTicket(a.getTicket()));
        assertEquals(AuthorizationTicketInfoResponse.Action.OK, r.getAction());
        assertEquals("mine", r.getInfo().getContext());
        r = api.authorizationTicketInfo(new AuthorizationTicketInfoRequest().setTicket("unknown"));
        assertEquals(AuthorizationTicketInfoResponse.Action.NOT_FOUND, r.getAction());
    }

    @Test
    void authorizationTicketUpdate() {
        String ticket = authorize().getTicket();
        for (String context : List.of("one", "x".repeat(4096))) {
            AuthorizationTicketUpdateResponse r = api.authorizationTicketUpdate(new AuthorizationTicketUpdateRequest().setTicket(ticket)
                .setInfo(new AuthorizationTicketInfo().setContext(context)));
            assertEquals(AuthorizationTicketUpdateResponse.Action.OK, r.getAction());
            assertNull(r.getInfo());
            assertEquals(context, api.authorizationTicketInfo(new AuthorizationTicketInfoRequest().setTicket(ticket)).getInfo().getContext());
        }
        assertEquals(AuthorizationTicketUpdateResponse.Action.NOT_FOUND, api.authorizationTicketUpdate(new AuthorizationTicketUpdateRequest()
            .setTicket("unknown").setInfo(new AuthorizationTicketInfo().setContext("c"))).getAction());
    }

    private PushedAuthReqResponse push(String secret, String... more) {
        return api.pushAuthorizationRequest(new PushedAuthReqRequest().setParameters(parameters(client, more))
            .setClientId("" + client.getClientId()).setClientSecret(secret));
    }

    @Test
    void pushAuthorizationRequest() {
        PushedAuthReqResponse r = push(client.getClientSecret());
        assertEquals(PushedAuthReqResponse.Action.CREATED, r.getAction());
        assertEquals(r.getRequestUri().toString(), text(json(r.getResponseContent()), "request_uri"));
        assertTrue(r.getRequestUri().toString().startsWith("urn:ietf:params:oauth:request_uri:"));
        assertEquals(ClientAuthMethod.CLIENT_SECRET_BASIC, r.getClientAuthMethod());
        AuthorizationResponse a = api.authorization(new AuthorizationRequest().setParameters(
            form("client_id", "" + client.getClientId(), "request_uri", r.getRequestUri().toString())));
        assertEquals(AuthorizationResponse.Action.INTERACTION, a.getAction());
        assertEquals(List.of("openid", "read"), names(a.getScopes()));
    }

    @Test
    void pushAuthorizationRequest_refused() {
        PushedAuthReqResponse r = push(client.getClientSecret(), "redirect_uri", "https://evil.example/");
        assertEquals(PushedAuthReqResponse.Action.BAD_REQUEST, r.getAction());
        assertEquals("invalid_request", error(r.getResponseContent()));
        r = push("wrong");
        assertEquals(PushedAuthReqResponse.Action.UNAUTHORIZED, r.getAction());
        assertEquals("invalid_client", error(r.getResponseContent()));
    }

    // Token

    @Test
    void token() {
        TokenResponse r = tokens();
        JsonObject content = json(r.getResponseContent());
        assertEquals(r.getAccessToken(), text(content, "access_token"));
        assertEquals("Bearer", text(content, "token_type"));
        assertEquals("openid read", text(content, "scope"));
        assertEquals(r.getAccessTokenDuration(), content.get("expires_in").getAsLong());
        assertEquals(GrantType.AUTHORIZATION_CODE, r.getGrantType());
        assertEquals(client.getClientId(), r.getClientId());
        assertEquals("1001", r.getSubject());
        assertArrayEquals(new String[] {"openid", "read"}, r.getScopes());
        assertEquals(ClientAuthMethod.CLIENT_SECRET_BASIC, r.getClientAuthMethod());
        assertTrue(r.getRefreshTokenExpiresAt() > r.getAccessTokenExpiresAt());
    }

    @Test
    void token_refresh() {
        TokenResponse first = tokens();
        TokenResponse r = redeem("grant_type", "refresh_token", "refresh_token", first.getRefreshToken());
        assertEquals(TokenResponse.Action.OK, r.getAction());
        assertEquals(GrantType.REFRESH_TOKEN, r.getGrantType());
        assertEquals("1001", r.getSubject());
        assertNotEquals(first.getAccessToken(), r.getAccessToken());
        assertNotEquals(first.getRefreshToken(), r.getRefreshToken());
        r = redeem("grant_type", "refresh_token", "refresh_token", first.getRefreshToken());
        assertEquals(TokenResponse.Action.BAD_REQUEST, r.getAction());
        assertEquals("invalid_grant", error(r.getResponseContent()));
    }

    @Test
    void token_clientCredentials() {
        TokenResponse r = redeem(client, new TokenRequest().setProperties(new Property[] {new Property("k", "v")}),
            "grant_type", "client_credentials", "scope", "read");
        assertEquals(TokenResponse.Action.OK, r.getAction());
        assertArrayEquals(new String[] {"read"}, r.getScopes());
        assertNull(r.getSubject());
        assertEquals("v", text(json(r.getResponseContent()), "k"));
        assertEquals("k", r.getProperties()[0].getKey());
        r = redeem(new Client().setClientId(client.getClientId()).setClientSecret("wrong"), new TokenRequest(), "grant_type", "client_credentials");
        assertEquals(TokenResponse.Action.INVALID_CLIENT, r.getAction());
        assertEquals("invalid_client", error(r.getResponseContent()));
    }

    @Test
    void introspection() {
        TokenResponse t = tokens(client, new AuthorizationIssueRequest().setAcr("loa2").setProperties(new Property[] {new Property("h", "w", true)}));
        IntrospectionResponse r = api.introspection(new IntrospectionRequest().setToken(t.getAccessToken()).setScopes(new String[] {"read"}).setSubject("1001"));
        assertEquals(IntrospectionResponse.Action.OK, r.getAction());
        assertTrue(r.isExistent() && r.isUsable() && r.isSufficient() && r.isRefreshable());
        assertEquals(client.getClientId(), r.getClientId());
        assertEquals("1001", r.getSubject());
        assertArrayEquals(new String[] {"openid", "read"}, r.getScopes());
        assertEquals("loa2", r.getAcr());
        assertEquals(LOGIN, r.getAuthTime());
        assertEquals(GrantType.AUTHORIZATION_CODE, r.getGrantType());
        assertEquals(t.getAccessTokenExpiresAt() / 1000, r.getExpiresAt() / 1000);
        assertEquals("w", r.getProperties()[0].getValue());
        assertTrue(r.getProperties()[0].isHidden());
    }

    @Test
    void introspection_refused() {
        TokenResponse t = tokens();
        IntrospectionResponse r = api.introspection(new IntrospectionRequest().setToken(t.getAccessToken()).setScopes(new String[] {"profile"}));
        assertEquals(IntrospectionResponse.Action.FORBIDDEN, r.getAction());
        assertTrue(r.isExistent() && !r.isSufficient());
        assertTrue(r.getResponseContent().contains("insufficient_scope"), r.getResponseContent());
        assertEquals(IntrospectionResponse.Action.FORBIDDEN, api.introspection(new IntrospectionRequest().setToken(t.getAccessToken()).setSubject("1002")).getAction());
        r = api.introspection(new IntrospectionRequest().setToken("unknown"));
        assertEquals(IntrospectionResponse.Action.UNAUTHORIZED, r.getAction());
        assertFalse(r.isExistent());
        assertEquals(IntrospectionResponse.Action.BAD_REQUEST, api.introspection(new IntrospectionRequest()).getAction());
    }

    @Test
    void standardIntrospection() {
        TokenResponse t = tokens(client, new AuthorizationIssueRequest().setProperties(new Property[] {new Property("h", "w", true)}));
        for (boolean hidden : new boolean[] {false, true}) {
            StandardIntrospectionResponse r = api.standardIntrospection(new StandardIntrospectionRequest()
                .setParameters(form("token", t.getAccessToken())).setWithHiddenProperties(hidden));
            assertEquals(StandardIntrospectionResponse.Action.OK, r.getAction());
            JsonObject facts = json(r.getResponseContent());
            assertTrue(facts.get("active").getAsBoolean());
            assertEquals("1001", text(facts, "sub"));
            assertEquals("" + client.getClientId(), text(facts, "client_id"));
            assertEquals("openid read", text(facts, "scope"));
            assertEquals(hidden ? "w" : null, text(facts, "h"));
        }
        StandardIntrospectionResponse r = api.standardIntrospection(new StandardIntrospectionRequest().setParameters("token=unknown"));
        assertEquals(json("{\"active\":false}"), json(r.getResponseContent()));
        assertEquals(StandardIntrospectionResponse.Action.BAD_REQUEST,
            api.standardIntrospection(new StandardIntrospectionRequest().setParameters("x=y")).getAction());
    }

    @Test
    void revocation() {
        TokenResponse t = tokens();
        RevocationRequest request = new RevocationRequest().setParameters(form("token", t.getRefreshToken())).setClientId("" + client.getClientId());
        RevocationResponse r = api.revocation(request.setClientSecret("wrong"));
        assertEquals(RevocationResponse.Action.INVALID_CLIENT, r.getAction());
        assertEquals("invalid_client", error(r.getResponseContent()));
        assertEquals(IntrospectionResponse.Action.OK, api.introspection(new IntrospectionRequest().setToken(t.getAccessToken())).getAction());
        r = api.revocation(request.setClientSecret(client.getClientSecret()));
        assertEquals(RevocationResponse.Action.OK, r.getAction());
        assertEquals(IntrospectionResponse.Action.UNAUTHORIZED, api.introspection(new IntrospectionRequest().setToken(t.getAccessToken())).getAction());
        r = api.revocation(request.setParameters("token_type_hint=access_token"));
        assertEquals(RevocationResponse.Action.BAD_REQUEST, r.getAction());
        assertEquals("invalid_request", error(r.getResponseContent()));
    }

    @Test
    void userinfo() {
        TokenResponse t = tokens("scope", "openid profile", "claims", "{\"userinfo\":{\"email\":null}}");
        UserInfoResponse r = api.userinfo(new UserInfoRequest().setToken(t.getAccessToken()));
        assertEquals(UserInfoResponse.Action.OK, r.getAction());
        assertEquals("1001", r.getSubject());
        assertEquals(client.getClientId(), r.getClientId());
        assertEquals(t.getAccessToken(), r.getToken());
        assertArrayEquals(new String[] {"openid", "profile"}, r.getScopes());
        assertTrue(List.of(r.getClaims()).containsAll(List.of("name", "email")), Arrays.toString(r.getClaims()));
        assertTrue(json(r.getUserInfoClaims()).has("email"), r.getUserInfoClaims());
    }

    @Test
    void userinfo_refused() {
        UserInfoResponse r = api.userinfo(new UserInfoRequest().setToken("unknown"));
        assertEquals(UserInfoResponse.Action.UNAUTHORIZED, r.getAction());
        assertTrue(r.getResponseContent().contains("invalid_token"), r.getResponseContent());
        TokenResponse t = redeem("grant_type", "client_credentials", "scope", "read");
        assertEquals(UserInfoResponse.Action.FORBIDDEN, api.userinfo(new UserInfoRequest().setToken(t.getAccessToken())).getAction());
        assertEquals(UserInfoResponse.Action.BAD_REQUEST, api.userinfo(new UserInfoRequest()).getAction());
    }

    @Test
    void userinfoIssue() {
        UserInfoIssueResponse r = api.userinfoIssue(new UserInfoIssueRequest().setToken(tokens().getAccessToken()).setClaims(Map.of("name", "J=h&n")));
        assertEquals(UserInfoIssueResponse.Action.JSON, r.getAction());
        assertEquals(json("{\"sub\":\"1001\",\"name\":\"J=h&n\"}"), json(r.getResponseContent()));
        assertEquals(UserInfoIssueResponse.Action.UNAUTHORIZED, api.userinfoIssue(new UserInfoIssueRequest().setToken("unknown")).getAction());
    }

    // FAPI 2.0: the library carries the proof of DPoP and the assertion of the client

    private static String sign(ECKey key, String type, boolean jwk, JWTClaimsSet claims) throws Exception {
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.ES256).type(type == null ? null : new JOSEObjectType(type));
        if (jwk) {
            header.jwk(key.toPublicJWK());
        } else {
            header.keyID(key.getKeyID());
        }
        SignedJWT jwt = new SignedJWT(header.build(), claims);
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    private static String proof(ECKey key, String htm, String htu, String token) throws Exception {
        JWTClaimsSet.Builder c = new JWTClaimsSet.Builder().jwtID(UUID.randomUUID().toString()).issueTime(new Date()).claim("htm", htm).claim("htu", htu);
        if (token != null) {
            c.claim("ath", Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(token.getBytes())).toString());
        }
        return sign(key, "dpop+jwt", true, c.build());
    }

    @Test
    void token_fapi2WithDPoP() throws Exception {
        Service fapi = owner.createService(plainService().setSupportedServiceProfiles(new ServiceProfile[] {ServiceProfile.FAPI})
            .setFapiModes(new FapiMode[] {FapiMode.FAPI2_SECURITY}));
        assertArrayEquals(new FapiMode[] {FapiMode.FAPI2_SECURITY}, fapi.getFapiModes());
        AuthleteApi api = library(fapi.getApiKey(), fapi.getApiSecret(), engine.serviceToken(fapi.getApiKey(), ""));
        ECKey clientKey = new ECKeyGenerator(Curve.P_256).keyID("k1").keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.ES256).generate();
        ECKey proofKey = new ECKeyGenerator(Curve.P_256).generate();
        Client c = api.createClient(plainClient().setTokenAuthMethod(ClientAuthMethod.PRIVATE_KEY_JWT).setIdTokenSignAlg(JWSAlg.ES256)
            .setJwks(new JWKSet(clientKey.toPublicJWK()).toString()));
        String id = "" + c.getClientId();
        class Assertion {
            String[] next() throws Exception {
                return new String[] {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion",
                    sign(clientKey, null, false, new JWTClaimsSet.Builder().issuer(id).subject(id).audience(ISSUER).jwtID(UUID.randomUUID().toString())
                        .issueTime(new Date()).expirationTime(new Date(System.currentTimeMillis() + 60000)).build())};
            }
        }
        Assertion assertion = new Assertion();
        PushedAuthReqResponse par = api.pushAuthorizationRequest(new PushedAuthReqRequest().setParameters(parameters(c, assertion.next()))
            .setDpop(proof(proofKey, "POST", ISSUER + "/par", null)).setHtm("POST"));
        assertEquals(PushedAuthReqResponse.Action.CREATED, par.getAction(), par.getResultMessage());
        AuthorizationResponse a = api.authorization(new AuthorizationRequest().setParameters(form("client_id", id, "request_uri", par.getRequestUri().toString())));
        assertEquals(AuthorizationResponse.Action.INTERACTION, a.getAction(), a.getResultMessage());
        AuthorizationIssueResponse issued = api.authorizationIssue(new AuthorizationIssueRequest().setTicket(a.getTicket()).setSubject("1001").setAuthTime(LOGIN));
        // htu is left out, as Java front ends leave it out: the service's own endpoint counts.
        TokenResponse t = api.token(new TokenRequest().setDpop(proof(proofKey, "POST", ISSUER + "/token", null)).setHtm("POST").setParameters(form(join(
            assertion.next(), "grant_type", "authorization_code", "code", issued.getAuthorizationCode(), "redirect_uri", CALLBACK, "code_verifier", VERIFIER))));
        assertEquals(TokenResponse.Action.OK, t.getAction(), t.getResultMessage());
        assertEquals("DPoP", text(json(t.getResponseContent()), "token_type"));
        assertEquals(ClientAuthMethod.PRIVATE_KEY_JWT, t.getClientAuthMethod());
        String at = t.getAccessToken();
        UserInfoRequest ask = new UserInfoRequest().setToken(at).setHtm("GET");
        assertEquals(UserInfoResponse.Action.OK, api.userinfo(ask.setDpop(proof(proofKey, "GET", ISSUER + "/userinfo", at))).getAction());
        assertEquals(UserInfoResponse.Action.UNAUTHORIZED, api.userinfo(ask.setDpop(proof(clientKey, "GET", ISSUER + "/userinfo", at))).getAction());
        IntrospectionRequest at2 = new IntrospectionRequest().setToken(at).setHtm("GET").setHtu("https://rs.example/r");
        assertEquals(IntrospectionResponse.Action.OK, api.introspection(at2.setDpop(proof(proofKey, "GET", "https://rs.example/r", at))).getAction());
        assertEquals(IntrospectionResponse.Action.UNAUTHORIZED, api.introspection(new IntrospectionRequest().setToken(at)).getAction());
    }

    // Discovery and registration

    @Test
    void getServiceConfiguration() {
        for (String text : List.of(api.getServiceConfiguration(), api.getServiceConfiguration(false))) {
            JsonObject doc = json(text);
            assertEquals(ISSUER, text(doc, "issuer"));
            assertEquals(ISSUER + "/token", text(doc, "token_endpoint"));
            assertEquals(ISSUER + "/jwks", text(doc, "jwks_uri"));
            assertTrue(doc.getAsJsonArray("scopes_supported").contains(new com.google.gson.JsonPrimitive("read")));
        }
        JsonObject patched = json(api.getServiceConfiguration(new ServiceConfigurationRequest()
            .setPatch("[{\"op\":\"add\",\"path\":\"/x\",\"value\":\"y\"},{\"op\":\"remove\",\"path\":\"/jwks_uri\"}]")));
        assertEquals("y", text(patched, "x"));
        assertFalse(patched.has("jwks_uri"));
        assertEquals(ISSUER, text(patched, "issuer"));
        assertTrue(api.getServiceConfiguration(true).contains("\n"));
        assertFalse(api.getServiceConfiguration(false).contains("\n"));
    }

    @Test
    void getServiceJwks() {
        JsonArray keys = json(api.getServiceJwks()).getAsJsonArray("keys");
        Set<String> kinds = new TreeSet<>();
        for (JsonElement k : keys) {
            kinds.add(text(k.getAsJsonObject(), "kty"));
            assertFalse(k.getAsJsonObject().has("d"));
            assertEquals("sig", text(k.getAsJsonObject(), "use"));
        }
        assertEquals(Set.of("EC", "RSA"), kinds);
        assertTrue(api.getServiceJwks(true, false).contains("\n"));
        assertFalse(api.getServiceJwks(false, false).contains("\n"));
    }

    private ClientRegistrationResponse registered(String more) {
        ClientRegistrationResponse r = api.dynamicClientRegister(new ClientRegistrationRequest()
            .setJson("{\"client_name\":\"dyn\",\"redirect_uris\":[\"" + CALLBACK + "\"]" + more + "}"));
        assertEquals(ClientRegistrationResponse.Action.CREATED, r.getAction(), r.getResponseContent());
        return r;
    }

    private static ClientRegistrationRequest manage(ClientRegistrationResponse r) {
        JsonObject content = json(r.getResponseContent());
        return new ClientRegistrationRequest().setClientId(text(content, "client_id")).setToken(text(content, "registration_access_token"));
    }

    @Test
    void dynamicClientRegister() {
        ClientRegistrationResponse r = registered(",\"grant_types\":[\"authorization_code\",\"refresh_token\"]");
        JsonObject content = json(r.getResponseContent());
        assertEquals("dyn", text(content, "client_name"));
        assertEquals("" + r.getClient().getClientId(), text(content, "client_id"));
        assertEquals(ISSUER + "/register/" + r.getClient().getClientId(), text(content, "registration_client_uri"));
        assertTrue(r.getClient().isDynamicallyRegistered());
        assertArrayEquals(new GrantType[] {GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN}, r.getClient().getGrantTypes());
        r = api.dynamicClientRegister(new ClientRegistrationRequest().setJson("{\"redirect_uris\":[\"a b\"]}"));
        assertEquals(ClientRegistrationResponse.Action.BAD_REQUEST, r.getAction());
        assertEquals("invalid_redirect_uri", error(r.getResponseContent()));
    }

    @Test
    void dynamicClientGet() {
        ClientRegistrationResponse made = registered("");
        ClientRegistrationResponse r = api.dynamicClientGet(manage(made));
        assertEquals(ClientRegistrationResponse.Action.OK, r.getAction());
        assertEquals("dyn", r.getClient().getClientName());
        assertEquals(ClientRegistrationResponse.Action.BAD_REQUEST, api.dynamicClientGet(manage(made).setToken("wrong")).getAction());
    }

    @Test
    void dynamicClientUpdate() {
        ClientRegistrationRequest request = manage(registered(""));
        ClientRegistrationResponse r = api.dynamicClientUpdate(request.setJson("{\"client_id\":\"" + request.getClientId()
            + "\",\"client_name\":\"renamed\",\"redirect_uris\":[\"" + CALLBACK + "\"]}"));
        assertEquals(ClientRegistrationResponse.Action.UPDATED, r.getAction());
        assertEquals("renamed", api.getClient(request.getClientId()).getClientName());
    }

    @Test
    void dynamicClientDelete() {
        ClientRegistrationRequest request = manage(registered(""));
        assertEquals(ClientRegistrationResponse.Action.DELETED, api.dynamicClientDelete(request).getAction());
        refused(404, "A001212", () -> api.getClient(request.getClientId()));
    }

    // Services

    @Test
    void createService() {
        Service made = owner.createService(plainService().setDescription("d").setAccessTokenDuration(120).setSupportedAcrs(new String[] {"loa2"}));
        assertTrue(made.getApiKey() > 0);
        assertTrue(made.getApiSecret().length() > 20);
        assertEquals("compat", made.getServiceName());
        assertEquals(URI.create(ISSUER), made.getIssuer());
        assertEquals("d", made.getDescription());
        assertEquals(120, made.getAccessTokenDuration());
        assertArrayEquals(new String[] {"loa2"}, made.getSupportedAcrs());
        assertEquals(List.of("openid", "profile", "read"), names(made.getSupportedScopes()));
        assertArrayEquals(new GrantType[] {GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.CLIENT_CREDENTIALS}, made.getSupportedGrantTypes());
        assertArrayEquals(new ResponseType[] {ResponseType.CODE}, made.getSupportedResponseTypes());
    }

    @Test
    void getService() {
        Service got = owner.getService(service.getApiKey());
        assertEquals(service.getApiKey(), got.getApiKey());
        assertEquals(URI.create(ISSUER + "/token"), got.getTokenEndpoint());
        assertEquals(service.getCreatedAt(), got.getCreatedAt());
        assertEquals("compat", got.getServiceName());
    }

    @Test
    void getServiceList() {
        Service made = owner.createService(plainService());
        ServiceListResponse all = owner.getServiceList(0, 1000);
        assertEquals(0, all.getStart());
        assertEquals(1000, all.getEnd());
        assertEquals(all.getTotalCount(), all.getServices().length);
        assertTrue(Arrays.stream(all.getServices()).anyMatch(s -> s.getApiKey() == made.getApiKey()));
        assertEquals(all.getServices()[1].getApiKey(), owner.getServiceList(1, 2).getServices()[0].getApiKey());
        assertEquals(5, owner.getServiceList().getEnd());
    }

    @Test
    void updateService() {
        Service made = owner.createService(plainService());
        Service got = owner.updateService(made.setServiceName("renamed").setRefreshTokenKept(true));
        assertEquals(made.getApiKey(), got.getApiKey());
        assertTrue(got.isRefreshTokenKept());
        assertEquals("renamed", owner.getService(made.getApiKey()).getServiceName());
        assertEquals(made.getJwks(), got.getJwks());
    }

    @Test
    void deleteService() {
        Service made = owner.createService(plainService());
        owner.deleteService(made.getApiKey());
        refused(404, "A901206", () -> owner.getService(made.getApiKey()));
    }

    // Clients

    @Test
    void createClient() {
        Client made = api.createClient(plainClient().setDeveloper("dev").setDescription("d").setIdTokenSignAlg(JWSAlg.ES256).setDefaultMaxAge(60)
            .setLogoUri(URI.create("https://client.example/logo")).setAttributes(new Pair[] {new Pair("k", "v")}));
        assertTrue(made.getClientId() > 0);
        assertEquals("dev", made.getDeveloper());
        assertEquals(ClientType.CONFIDENTIAL, made.getClientType());
        assertEquals(JWSAlg.ES256, made.getIdTokenSignAlg());
        assertEquals(60, made.getDefaultMaxAge());
        assertEquals(URI.create("https://client.example/logo"), made.getLogoUri());
        assertEquals("v", made.getAttributes()[0].getValue());
        assertEquals(ClientAuthMethod.CLIENT_SECRET_BASIC, made.getTokenAuthMethod());
        assertArrayEquals(new String[] {CALLBACK}, made.getRedirectUris());
    }

    @Test
    void getClient() {
        Client got = api.getClient(client.getClientId());
        assertEquals("web", got.getClientName());
        assertEquals(client.getClientSecret(), got.getClientSecret());
        assertArrayEquals(client.getGrantTypes(), got.getGrantTypes());
        refused(404, "A001212", () -> api.getClient(1));
    }

    @Test
    void getClientList() {
        List<Long> made = List.of("one", "two", "three").stream()
            .map(n -> api.createClient(plainClient().setDeveloper("list").setClientName(n)).getClientId()).toList();
        ClientListResponse all = api.getClientList(0, 1000);
        assertEquals(all.getTotalCount(), all.getClients().length);
        assertTrue(Arrays.stream(all.getClients()).map(Client::getClientId).collect(Collectors.toSet()).containsAll(made));
        assertEquals(all.getClients()[1].getClientId(), api.getClientList(1, 2).getClients()[0].getClientId());
        ClientListResponse mine = api.getClientList("list", 0, 10);
        // In version 3 the library drops the developer.
        assertEquals(v2() ? 3 : all.getTotalCount(), mine.getTotalCount());
        assertEquals(v2() ? "list" : null, mine.getDeveloper());
    }

    @Test
    void updateClient() {
        Client made = api.createClient(plainClient());
        Client got = api.updateClient(made.setClientName("renamed").setRedirectUris(new String[] {CALLBACK, CALLBACK + "2"}));
        assertEquals("renamed", api.getClient(made.getClientId()).getClientName());
        assertArrayEquals(new String[] {CALLBACK, CALLBACK + "2"}, got.getRedirectUris());
        assertEquals(made.getClientSecret(), got.getClientSecret());
    }

    @Test
    void deleteClient() {
        Client made = api.createClient(plainClient());
        TokenResponse t = tokens(made, new AuthorizationIssueRequest());
        api.deleteClient(made.getClientId());
        refused(404, "A001212", () -> api.getClient(made.getClientId()));
        assertEquals(IntrospectionResponse.Action.UNAUTHORIZED, api.introspection(new IntrospectionRequest().setToken(t.getAccessToken())).getAction());
    }

    private TokenResponse.Action credentials(Client c, String secret) {
        return redeem(new Client().setClientId(c.getClientId()).setClientSecret(secret), new TokenRequest(), "grant_type", "client_credentials").getAction();
    }

    @Test
    void refreshClientSecret() {
        Client made = api.createClient(plainClient());
        ClientSecretRefreshResponse r = api.refreshClientSecret(made.getClientId());
        assertEquals(made.getClientSecret(), r.getOldClientSecret());
        assertEquals(r.getNewClientSecret(), api.getClient(made.getClientId()).getClientSecret());
        assertEquals(TokenResponse.Action.INVALID_CLIENT, credentials(made, r.getOldClientSecret()));
        assertEquals(TokenResponse.Action.OK, credentials(made, r.getNewClientSecret()));
    }

    @Test
    void updateClientSecret() {
        Client made = api.createClient(plainClient());
        ClientSecretUpdateResponse r = api.updateClientSecret(made.getClientId(), "s".repeat(43));
        assertEquals(made.getClientSecret(), r.getOldClientSecret());
        assertEquals("s".repeat(43), r.getNewClientSecret());
        assertEquals(TokenResponse.Action.INVALID_CLIENT, credentials(made, made.getClientSecret()));
        assertEquals(TokenResponse.Action.OK, credentials(made, "s".repeat(43)));
    }

    @Test
    void updateClientLockFlag() {
        Client made = api.createClient(plainClient());
        api.updateClientLockFlag("" + made.getClientId(), true);
        assertTrue(api.getClient(made.getClientId()).isLocked());
        assertEquals(TokenResponse.Action.INVALID_CLIENT, credentials(made, made.getClientSecret()));
        api.updateClientLockFlag("" + made.getClientId(), false);
        assertFalse(api.getClient(made.getClientId()).isLocked());
        assertEquals(TokenResponse.Action.OK, credentials(made, made.getClientSecret()));
    }

    @Test
    void echo() {
        assertEquals(Map.of("a", "b", "n", "1"), api.echo(Map.of("a", "b", "n", "1")));
    }

    @Test
    void everyMethodOfTheLibraryIsTested() {
        Set<String> untested = Arrays.stream(AuthleteApi.class.getMethods()).map(m -> m.getName()).collect(Collectors.toCollection(TreeSet::new));
        untested.removeAll(Set.of("getSettings", "createServie")); // no operation; an old misspelling
        Set<String> tested = Arrays.stream(Operations.class.getDeclaredMethods()).filter(m -> m.isAnnotationPresent(Test.class))
            .map(m -> m.getName().replaceFirst("_.*", "")).collect(Collectors.toSet());
        untested.removeAll(tested);
        Set<String> unbuilt = Unbuilt.calls(api).keySet();
        untested.removeAll(unbuilt);
        assertEquals(Set.of(), untested);
        assertTrue(unbuilt.stream().noneMatch(tested::contains), "built by now");
    }
}
