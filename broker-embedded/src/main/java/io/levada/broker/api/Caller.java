/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.net.InetAddress;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Who is at the other end of a connection, and through which listener it came in. */
public record Caller(String connectionId, InetAddress address, ListenerName listener) {
    RequestContext contextOf(RequestHeader header) {
        return new RequestContext(
                header,
                connectionId,
                address,
                KafkaPrincipal.ANONYMOUS,
                listener,
                SecurityProtocol.PLAINTEXT,
                ClientInformation.EMPTY,
                false);
    }
}
