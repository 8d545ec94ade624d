package compat;

import com.authlete.common.conf.AuthleteApiVersion;

class OperationsV2Test extends Operations {
    OperationsV2Test() {
        super(AuthleteApiVersion.V2);
    }
}
