/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.net.InetAddress;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Clients for tests of what is behind the network. */
public final class Callers {
    private Callers() {}

    /** A client that may do anything, with a request in the newest version of {@code api}. */
    public static Caller anyone(ApiKeys api) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ListenerName listener = new ListenerName("PLAINTEXT");
        RequestContext request = new RequestContext(
                new RequestHeader(api, api.latestVersion(), "test", 0),
                "test",
                loopback,
                KafkaPrincipal.ANONYMOUS,
                listener,
                SecurityProtocol.PLAINTEXT,
                ClientInformation.EMPTY,
                false);
        return new Caller(new Session("test", loopback, listener, Authorizer.ALLOW_ALL, Throttle.NONE), request);
    }
}
