package compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.authlete.common.api.AuthleteApi;
import com.authlete.common.api.AuthleteApiException;
import com.authlete.common.api.AuthleteApiFactory;
import com.authlete.common.conf.AuthleteApiVersion;
import com.authlete.common.conf.AuthleteSimpleConfiguration;
import com.authlete.common.dto.AuthorizationIssueRequest;
import com.authlete.common.dto.AuthorizationIssueResponse;
import com.authlete.common.dto.AuthorizationRequest;
import com.authlete.common.dto.AuthorizationResponse;
import com.authlete.common.dto.Client;
import com.authlete.common.dto.Scope;
import com.authlete.common.dto.Service;
import com.authlete.common.dto.TokenRequest;
import com.authlete.common.dto.TokenResponse;
import com.authlete.common.types.ClientType;
import com.authlete.common.types.GrantType;
import com.authlete.common.types.ResponseType;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;

/** A service, made with the library, and the library as that service. Subclasses say which version. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Base {
    static final String ISSUER = "https://as.example";
    static final String CALLBACK = "https://client.example/cb";
    static final String VERIFIER = "v".repeat(43);
    static final long LOGIN = System.currentTimeMillis() / 1000 - 10;

    final AuthleteApiVersion version;
    final Engine engine = Engine.get();
    Service service;
    String token;
    AuthleteApi api;
    AuthleteApi owner;
    Client client;

    Base(AuthleteApiVersion version) {
        this.version = version;
    }

    boolean v2() {
        return version == AuthleteApiVersion.V2;
    }

    @BeforeAll
    void start() {
        owner = library(null, null, engine.root);
        service = owner.createService(plainService());
        token = engine.serviceToken(service.getApiKey(), "");
        api = library(service.getApiKey(), service.getApiSecret(), token);
        client = api.createClient(plainClient());
    }

    /** The library with the credentials of one service and, in version 2, of the owner. */
    AuthleteApi library(Long service, String secret, String token) {
        AuthleteSimpleConfiguration c = new AuthleteSimpleConfiguration();
        c.setBaseUrl(engine.url);
        c.setApiVersion(version.name());
        c.setServiceApiKey(service == null ? null : service.toString());
        if (v2()) {
            c.setServiceOwnerApiKey("0").setServiceOwnerApiSecret(engine.root);
            c.setServiceApiSecret(secret);
        } else {
            c.setServiceAccessToken(token);
        }
        return AuthleteApiFactory.create(c);
    }

    static Service plainService() {
        return new Service().setServiceName("compat").setIssuer(URI.create(ISSUER))
            .setAuthorizationEndpoint(URI.create(ISSUER + "/authorize")).setTokenEndpoint(URI.create(ISSUER + "/token"))
            .setUserInfoEndpoint(URI.create(ISSUER + "/userinfo")).setPushedAuthReqEndpoint(URI.create(ISSUER + "/par"))
            .setJwksUri(URI.create(ISSUER + "/jwks")).setDynamicRegistrationSupported(true).setClientIdAliasEnabled(true)
            .setRegistrationEndpoint(URI.create(ISSUER + "/register")).setRegistrationManagementEndpoint(URI.create(ISSUER + "/register"))
            .setSupportedScopes(new Scope[] {new Scope().setName("openid"), new Scope().setName("profile"), new Scope().setName("read")})
            .setSupportedClaims(new String[] {"name", "email"});
    }

    static Client plainClient() {
        return new Client().setClientName("web").setClientType(ClientType.CONFIDENTIAL).setRedirectUris(new String[] {CALLBACK})
            .setResponseTypes(new ResponseType[] {ResponseType.CODE})
            .setGrantTypes(new GrantType[] {GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.CLIENT_CREDENTIALS});
    }

    /** The call fails as an exception of the library, with this status and result code. */
    static void refused(int status, String code, Executable call) {
        AuthleteApiException e = assertThrows(AuthleteApiException.class, call);
        assertEquals(status, e.getStatusCode(), e::getResponseBody);
        assertTrue(e.getResponseBody().contains("\"" + code + "\""), e::getResponseBody);
    }

    static JsonObject json(String text) {
        return new Gson().fromJson(text, JsonObject.class);
    }

    static String text(JsonObject o, String name) {
        return o.has(name) ? o.get(name).getAsString() : null;
    }

    static String error(String content) {
        return text(json(content), "error");
    }

    static JsonObject claims(String jwt) {
        return json(new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]), StandardCharsets.UTF_8));
    }

    /** name, value, name, value … as a form. */
    static String form(String... pairs) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return values.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
    }

    static Map<String, String> query(String url) {
        return Arrays.stream(URI.create(url).getRawQuery().split("&")).map(p -> p.split("=", 2))
            .collect(Collectors.toMap(p -> p[0], p -> URLDecoder.decode(p[1], StandardCharsets.UTF_8)));
    }

    static String challenge() {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sum);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String[] join(String[] a, String... b) {
        String[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    String parameters(Client client, String... more) {
        return form(join(new String[] {
            "client_id", "" + client.getClientId(), "response_type", "code", "redirect_uri", CALLBACK, "scope", "openid read",
            "state", "a=b&c", "nonce", "n", "code_challenge", challenge(), "code_challenge_method", "S256"}, more));
    }

    AuthorizationResponse authorize(Client client, String... more) {
        AuthorizationResponse r = api.authorization(new AuthorizationRequest().setParameters(parameters(client, more)));
        assertEquals(AuthorizationResponse.Action.INTERACTION, r.getAction(), r.getResultMessage());
        return r;
    }

    AuthorizationResponse authorize(String... more) {
        return authorize(client, more);
    }

    String code(AuthorizationResponse asked, AuthorizationIssueRequest how) {
        AuthorizationIssueResponse r = api.authorizationIssue(how.setTicket(asked.getTicket()).setSubject("1001").setAuthTime(LOGIN));
        return query(r.getResponseContent()).get("code");
    }

    TokenResponse redeem(Client client, TokenRequest request, String... form) {
        return api.token(request.setParameters(form(form)).setClientId("" + client.getClientId()).setClientSecret(client.getClientSecret()));
    }

    TokenResponse redeem(String... form) {
        return redeem(client, new TokenRequest(), form);
    }

    TokenResponse tokens(Client client, AuthorizationIssueRequest how, String... more) {
        TokenResponse r = redeem(client, new TokenRequest(), "grant_type", "authorization_code", "code", code(authorize(client, more), how),
            "redirect_uri", CALLBACK, "code_verifier", VERIFIER);
        assertEquals(TokenResponse.Action.OK, r.getAction(), r.getResultMessage());
        return r;
    }

    TokenResponse tokens(String... more) {
        return tokens(client, new AuthorizationIssueRequest(), more);
    }
}
