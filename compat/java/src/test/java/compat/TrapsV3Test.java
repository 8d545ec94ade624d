package compat;

import com.authlete.common.api.AuthleteApi;
import com.authlete.common.conf.AuthleteApiVersion;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import org.junit.jupiter.api.Test;

class TrapsV3Test extends Traps {
    TrapsV3Test() {
        super(AuthleteApiVersion.V3);
    }

    /** A token that is bound to a key is no bearer token. The library's own way with it fails before the call. */
    @Test
    void boundApiToken() throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).algorithm(JWSAlgorithm.RS256).generate();
        String bound = engine.serviceToken(service.getApiKey(), ",\"dpopKeyThumbprint\":\"" + key.computeThumbprint() + "\"");
        AuthleteApi bearer = library(service.getApiKey(), null, bound);
        refused(401, "A458102", () -> bearer.getClient(client.getClientId()));
    }
}
