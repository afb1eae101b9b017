/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.ApiTable;
import io.levada.broker.api.Authorizer;
import io.levada.broker.api.Caller;
import io.levada.broker.api.Dispatcher;
import io.levada.broker.api.Session;
import io.levada.broker.api.Throttle;
import java.net.InetAddress;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Who asks, in tests that have no connection. */
public final class Callers {
    private Callers() {}

    /** A client that may do everything. */
    static Caller anyone() {
        return allowedBy(Authorizer.ALLOW_ALL);
    }

    /** A client that may do what this permits. */
    public static Caller allowedBy(Authorizer authorizer) {
        ListenerName listener = new ListenerName("INSIDE");
        Session session = new Dispatcher(ApiTable.builder().build(), authorizer, Throttle.NONE)
                .open(InetAddress.getLoopbackAddress(), listener);
        RequestContext context = new RequestContext(
                new RequestHeader(ApiKeys.FETCH, ApiKeys.FETCH.latestVersion(), "test", 1),
                "1",
                InetAddress.getLoopbackAddress(),
                KafkaPrincipal.ANONYMOUS,
                listener,
                SecurityProtocol.PLAINTEXT,
                ClientInformation.EMPTY,
                false);
        return new Caller(session, context);
    }
}
