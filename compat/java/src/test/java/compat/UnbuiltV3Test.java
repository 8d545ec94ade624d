package compat;

import com.authlete.common.conf.AuthleteApiVersion;

class UnbuiltV3Test extends Unbuilt {
    UnbuiltV3Test() {
        super(AuthleteApiVersion.V3);
    }
}
