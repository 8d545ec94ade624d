package compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.authlete.common.api.AuthleteApi;
import com.authlete.common.api.AuthleteApiFactory;
import com.authlete.common.conf.AuthleteApiVersion;
import com.authlete.common.conf.AuthleteSimpleConfiguration;
import com.authlete.common.dto.AuthorizationIssueRequest;
import com.authlete.common.dto.AuthorizationRequest;
import com.authlete.common.dto.AuthorizationResponse;
import com.authlete.common.dto.Client;
import com.authlete.common.dto.ClientRegistrationRequest;
import com.authlete.common.dto.ClientRegistrationResponse;
import com.authlete.common.dto.IntrospectionRequest;
import com.authlete.common.dto.IntrospectionResponse;
import com.authlete.common.dto.Scope;
import com.authlete.common.dto.Service;
import com.authlete.common.dto.TokenRequest;
import com.authlete.common.dto.TokenResponse;
import com.authlete.common.types.ClientType;
import com.authlete.common.types.GrantType;
import com.authlete.common.types.JWSAlg;
import com.authlete.common.util.Utils;
import com.google.gson.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What requests of the library look like, and which answers it cannot read. */
abstract class Traps extends Base {
    Traps(AuthleteApiVersion version) {
        super(version);
    }

    private String path(String rest) {
        return v2() ? "/api/" + rest : "/api/" + service.getApiKey() + "/" + rest;
    }

    private String[] credentials() {
        return new String[] {"Authorization", v2() ? Engine.basic(service.getApiKey(), service.getApiSecret()) : "Bearer " + token};
    }

    private HttpResponse<String> raw(String method, String rest, String body) throws Exception {
        return engine.send(method, path(rest), body, join(credentials(), "Content-Type", "application/json;charset=UTF-8"));
    }

    // Requests

    /** In version 2 the library deletes clients as the owner, in a path without a service. */
    @Test
    void deleteClientAsTheOwner() throws Exception {
        Client made = api.createClient(plainClient());
        HttpResponse<String> r = engine.send("DELETE", "/api/client/delete/" + made.getClientId(), null, "Authorization", Engine.basic(0, engine.root));
        assertEquals(204, r.statusCode());
        assertEquals("", r.body());
        refused(404, "A001212", () -> api.getClient(made.getClientId()));
        r = engine.send("DELETE", "/api/client/delete/" + made.getClientId(), null, "Authorization", Engine.basic(0, engine.root));
        assertEquals(404, r.statusCode());
        // An alias belongs to one service, and here none is named.
        api.createClient(plainClient().setClientIdAlias("alias").setClientIdAliasEnabled(true));
        r = engine.send("DELETE", "/api/client/delete/alias", null, "Authorization", Engine.basic(0, engine.root));
        assertEquals(404, r.statusCode());
        assertEquals("web", api.getClient("alias").getClientName());
    }

    /** The library takes any refused delete for a success; so the log of the engine tells. */
    @Test
    void refusedDeletesAreLogged() throws Exception {
        Service other = owner.createService(plainService());
        AuthleteApi theirs = library(other.getApiKey(), other.getApiSecret(), engine.serviceToken(other.getApiKey(), ""));
        Client kept = theirs.createClient(plainClient());
        AuthleteSimpleConfiguration c = new AuthleteSimpleConfiguration();
        c.setBaseUrl(engine.url).setApiVersion(version.name()).setServiceApiKey(other.getApiKey() + "");
        c.setServiceOwnerApiKey("0").setServiceOwnerApiSecret("wrong").setServiceApiSecret("wrong").setServiceAccessToken("wrong");
        AuthleteApi nobody = AuthleteApiFactory.create(c);
        int before = engine.log().split("delete refused", -1).length;
        nobody.deleteClient(kept.getClientId());
        nobody.deleteService(other.getApiKey());
        assertEquals(before + 2, engine.log().split("delete refused", -1).length);
        assertEquals("web", theirs.getClient(kept.getClientId()).getClientName());
        assertEquals(other.getApiKey(), owner.getService(other.getApiKey()).getApiKey());
    }

    /** Other libraries send no Accept with a delete, or one that fits nothing. */
    @Test
    void acceptDoesNotMatter() throws Exception {
        Client one = api.createClient(plainClient());
        Client two = api.createClient(plainClient());
        assertEquals(204, engine.send("DELETE", path("client/delete/" + one.getClientId()), null, credentials()).statusCode());
        assertEquals(204, engine.send("DELETE", path("client/delete/" + two.getClientId()), null, join(credentials(), "Accept", "text/html")).statusCode());
        HttpResponse<String> r = engine.send("GET", path("client/get/" + client.getClientId()), null, join(credentials(), "Accept", "text/html"));
        assertEquals(200, r.statusCode());
        assertTrue(r.headers().firstValue("Content-Type").orElse("").startsWith("application/json"));
    }

    @Test
    void nullsZerosAndEscapesMeanNothing() throws Exception {
        JsonObject sent = json(Utils.toJson(plainClient().setClientName("a=b&<c>'")));
        assertEquals(0, sent.get("defaultMaxAge").getAsInt());
        assertFalse(sent.get("locked").getAsBoolean());
        assertTrue(Utils.toJson(plainClient().setClientName("a=b")).contains("a\\u003db"));
        Client full = api.createClient(plainClient().setClientName("a=b&<c>'"));
        assertEquals("a=b&<c>'", full.getClientName());
        // The same without the members that say nothing makes the same client.
        JsonObject bare = new JsonObject();
        sent.entrySet().stream().filter(e -> !e.getValue().isJsonNull() && !List.of("0", "false").contains(e.getValue().toString()))
            .forEach(e -> bare.add(e.getKey(), e.getValue()));
        Set<String> own = Set.of("clientId", "clientIdAlias", "clientSecret", "createdAt", "modifiedAt", "number");
        JsonObject a = json(raw("POST", "client/create", bare.toString()).body());
        JsonObject b = json(raw("GET", "client/get/" + full.getClientId(), null).body());
        own.forEach(n -> {
            a.remove(n);
            b.remove(n);
        });
        assertEquals(a, b);
        // A service that is read and written back is the same.
        Service before = owner.getService(service.getApiKey());
        Service after = owner.updateService(before);
        assertEquals(Utils.toJson(before.setModifiedAt(0)), Utils.toJson(after.setModifiedAt(0)));
    }

    /** Java front ends pass on an empty text where a client sends nothing: the client is to be told, not the caller. */
    @Test
    void emptyParametersAreTheClientsMistake() {
        assertEquals(AuthorizationResponse.Action.BAD_REQUEST, api.authorization(new AuthorizationRequest().setParameters("")).getAction());
        assertEquals(TokenResponse.Action.INVALID_CLIENT, api.token(new TokenRequest().setParameters("")).getAction());
        refused(400, "A004201", () -> api.token(new TokenRequest()));
    }

    @Test
    void noServiceConfigured() throws Exception {
        AuthleteApi nowhere = library(null, null, engine.root);
        refused(v2() ? 401 : 404, v2() ? "A990202" : "A901209", () -> nowhere.getClientList());
        HttpResponse<String> r = engine.send("GET", "/api/null/client/get/list", null, "Authorization", "Bearer " + engine.root);
        assertEquals(404, r.statusCode());
        assertEquals("A901209", text(json(r.body()), "resultCode"));
    }

    // Answers

    @Test
    void integersFitInto32Bits() throws Exception {
        assertEquals(Integer.MAX_VALUE, authorize("max_age", "99999999999").getMaxAge());
        AuthorizationResponse r = api.authorization(new AuthorizationRequest().setParameters(parameters(client, "max_age", "9".repeat(40))));
        assertEquals(AuthorizationResponse.Action.LOCATION, r.getAction());
        assertEquals("invalid_request", query(r.getResponseContent()).get("error"));
        ClientRegistrationResponse dyn = api.dynamicClientRegister(new ClientRegistrationRequest()
            .setJson("{\"redirect_uris\":[\"" + CALLBACK + "\"],\"default_max_age\":99999999999}"));
        assertEquals(ClientRegistrationResponse.Action.BAD_REQUEST, dyn.getAction());
        // The library cannot say these itself.
        HttpResponse<String> bad = raw("POST", "client/create", "{\"defaultMaxAge\":2147483648}");
        assertEquals("400 A901210", bad.statusCode() + " " + text(json(bad.body()), "resultCode"));
        for (String member : List.of("clientsPerDeveloper", "userCodeLength", "userPinLength", "backchannelAuthReqIdDuration",
            "backchannelPollingInterval", "allowableClockSkew", "deviceFlowCodeDuration", "deviceFlowPollingInterval")) {
            bad = engine.send("POST", "/api/service/create", "{\"" + member + "\":2147483648}",
                "Authorization", "Bearer " + engine.root, "Content-Type", "application/json");
            assertEquals("400 A901210", bad.statusCode() + " " + text(json(bad.body()), "resultCode"), member);
        }
        // Numbers that an engine derives are among them.
        assertTrue(api.getClientList(0, 1000).getTotalCount() > 0);
        assertTrue(owner.getServiceList(0, 1000).getTotalCount() > 0);
    }

    /** One client with such a text makes the list of all unreadable for the library. */
    @Test
    void badURIsAreRefused() throws Exception {
        List<String> bad = List.of("https://x.example/a b", "https://x.example/{a}", "https://x.example/[a]", "https://x.example/?a=%zz", "https://x.example/#a#b",
            "https:", "https://x.example/\u00a0");
        for (String member : List.of("logoUri", "clientUri", "policyUri", "tosUri", "jwksUri", "sectorIdentifierUri", "loginUri", "tlsClientAuthSanUri",
            "bcNotificationEndpoint", "entityId", "trustAnchorId", "signedJwksUri", "credentialOfferEndpoint", "metadataDocumentLocation")) {
            for (String text : bad) {
                HttpResponse<String> r = raw("POST", "client/create", "{\"" + member + "\":\"" + text + "\"}");
                assertEquals(400, r.statusCode(), member + " " + text);
            }
        }
        for (String member : List.of("issuer", "tokenEndpoint", "serviceDocumentation", "deviceVerificationUri", "credentialJwksUri", "authenticationCallbackEndpoint")) {
            for (String text : bad) {
                HttpResponse<String> r = engine.send("POST", "/api/service/create", "{\"" + member + "\":\"" + text + "\"}",
                    "Authorization", "Bearer " + engine.root, "Content-Type", "application/json");
                assertEquals(400, r.statusCode(), member + " " + text);
            }
        }
        for (String text : bad) {
            ClientRegistrationResponse r = api.dynamicClientRegister(new ClientRegistrationRequest()
                .setJson("{\"redirect_uris\":[\"" + CALLBACK + "\"],\"logo_uri\":\"" + text + "\"}"));
            assertEquals(ClientRegistrationResponse.Action.BAD_REQUEST, r.getAction(), text);
        }
        HttpResponse<String> good = raw("POST", "client/create", "{\"logoUri\":\"https://x.example/a%20b?c=[d]#e\"}");
        assertEquals(200, good.statusCode(), good.body());
        assertEquals("/a%20b", api.getClient(text(json(good.body()), "clientId")).getLogoUri().getRawPath());
        assertNotNull(api.getClientList(0, 1000).getClients());
    }

    @Test
    void defaultsAreKnownToTheLibrary() throws Exception {
        Service bare = owner.createService(new Service().setServiceName("bare").setSupportedScopes(new Scope[] {new Scope().setName("openid")}));
        AuthleteApi theirs = library(bare.getApiKey(), bare.getApiSecret(), engine.serviceToken(bare.getApiKey(), ""));
        for (ClientType kind : ClientType.values()) {
            Client made = theirs.createClient(new Client().setClientType(kind));
            assertEquals(kind, made.getClientType());
            assertEquals(JWSAlg.RS256, made.getIdTokenSignAlg());
            assertEquals(List.of(GrantType.AUTHORIZATION_CODE), List.of(made.getGrantTypes()));
            assertNotNull(made.getTokenAuthMethod());
        }
    }

    @Test
    void noKeysAreAnEmptySet() {
        Service made = owner.createService(plainService().setJwks("{\"keys\":[]}"));
        AuthleteApi theirs = library(made.getApiKey(), made.getApiSecret(), engine.serviceToken(made.getApiKey(), ""));
        assertEquals(json("{\"keys\":[]}"), json(theirs.getServiceJwks()));
    }

    /** The library puts them into paths as they are. */
    @Test
    void handlesAreSafeInPaths() {
        TokenResponse t = tokens();
        AuthorizationResponse a = authorize();
        for (String value : List.of(t.getAccessToken(), t.getRefreshToken(), a.getTicket(), code(authorize(), new AuthorizationIssueRequest()),
            client.getClientSecret(), service.getApiSecret(), token)) {
            assertTrue(value.matches("[A-Za-z0-9._~-]+"), value);
        }
    }

    @Test
    void echoHasTexts() {
        Map<String, String> r = api.echo(Map.of("n", "1", "t", "true", "x", "a&b=c"));
        // The library does not look at the types, so a number would show here only.
        assertEquals("1,true,a&b=c", List.of("n", "t", "x").stream().map(r::get).collect(Collectors.joining(",")));
    }

    @Test
    void aServiceReachesNoOther() {
        Service other = owner.createService(plainService());
        AuthleteApi theirs = library(other.getApiKey(), other.getApiSecret(), engine.serviceToken(other.getApiKey(), ""));
        Client made = theirs.createClient(plainClient());
        refused(404, "A001212", () -> api.getClient(made.getClientId()));
        AuthleteApi foreign = library(other.getApiKey(), "wrong", token);
        refused(v2() ? 401 : 403, v2() ? "A990202" : "A901205", () -> foreign.getClientList());
        TokenResponse t = tokens();
        IntrospectionResponse r = theirs.introspection(new IntrospectionRequest().setToken(t.getAccessToken()));
        assertFalse(r.isExistent());
        assertNull(r.getSubject());
    }
}
