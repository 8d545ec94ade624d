package compat;

import com.authlete.common.conf.AuthleteApiVersion;

class OperationsV3Test extends Operations {
    OperationsV3Test() {
        super(AuthleteApiVersion.V3);
    }
}
