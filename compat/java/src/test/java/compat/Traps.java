package compat;

import com.authlete.common.conf.AuthleteApiVersion;

abstract class Traps extends Base {
    Traps(AuthleteApiVersion version) {
        super(version);
    }
}
