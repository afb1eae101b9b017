/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * One client connection from its first byte to its last: who is at the other end, what that client has told of itself, what it may do, and how it is
 * slowed down. Made when the connection is accepted, handed to every handler within the {@link Caller}.
 *
 * <p>What the client tells is written on the connection's event loop; everything can be read from any thread.
 */
public final class Session {
    private static final int NEVER_USED = -1;
    private static final int API_IDS =
            1 + Arrays.stream(ApiKeys.values()).mapToInt(api -> api.id).max().orElse(0);
    private final String id;
    private final InetAddress address;
    private final ListenerName listener;
    private final Authorizer authorizer;
    private final Throttle throttle;
    private final AtomicIntegerArray versions;
    private final KafkaPrincipal principal = KafkaPrincipal.ANONYMOUS;
    private volatile ClientInformation software = ClientInformation.EMPTY;
    private volatile String clientId = "";

    Session(String id, InetAddress address, ListenerName listener, Authorizer authorizer, Throttle throttle) {
        this.id = id;
        this.address = address;
        this.listener = listener;
        this.authorizer = authorizer;
        this.throttle = throttle;
        int[] unused = new int[API_IDS];
        Arrays.fill(unused, NEVER_USED);
        this.versions = new AtomicIntegerArray(unused);
    }

    /** Unique in the life of the process. */
    public String id() {
        return id;
    }

    public InetAddress address() {
        return address;
    }

    public ListenerName listener() {
        return listener;
    }

    /** Who has logged in; nobody has to on a plaintext listener. */
    public KafkaPrincipal principal() {
        return principal;
    }

    /** The client library, as ApiVersions told it (KIP-511); unknown until then. */
    public ClientInformation software() {
        return software;
    }

    /** What the latest request gave as {@code client.id}; empty before the first. */
    public String clientId() {
        return clientId;
    }

    /** The version in which the client last used {@code api}, or -1: what the two sides have agreed on. */
    public short versionOf(ApiKeys api) {
        return (short) versions.get(api.id);
    }

    Authorizer authorizer() {
        return authorizer;
    }

    Throttle throttle() {
        return throttle;
    }

    /** A request with {@code header} has come. */
    RequestContext contextOf(RequestHeader header) {
        String told = header.clientId() == null ? "" : header.clientId();
        if (!told.equals(clientId)) {
            clientId = told;
        }
        versions.set(header.apiKey().id, header.apiVersion());
        return new RequestContext(
                header, id, address, principal, listener, SecurityProtocol.PLAINTEXT, software, false);
    }

    /** The client has introduced itself, by a request that is valid. */
    void introduced(ApiVersionsRequest request) {
        software = new ClientInformation(
                request.data().clientSoftwareName(), request.data().clientSoftwareVersion());
    }
}
