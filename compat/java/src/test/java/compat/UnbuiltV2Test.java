package compat;

import com.authlete.common.conf.AuthleteApiVersion;

class UnbuiltV2Test extends Unbuilt {
    UnbuiltV2Test() {
        super(AuthleteApiVersion.V2);
    }
}
