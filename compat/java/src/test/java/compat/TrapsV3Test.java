package compat;

import com.authlete.common.conf.AuthleteApiVersion;

class TrapsV3Test extends Traps {
    TrapsV3Test() {
        super(AuthleteApiVersion.V3);
    }
}
