package compat;

import com.authlete.common.conf.AuthleteApiVersion;

class TrapsV2Test extends Traps {
    TrapsV2Test() {
        super(AuthleteApiVersion.V2);
    }
}
