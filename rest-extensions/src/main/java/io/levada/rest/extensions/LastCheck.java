/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import jakarta.ws.rs.ServiceUnavailableException;
import java.util.Set;
import org.glassfish.jersey.server.monitoring.ApplicationEvent;
import org.glassfish.jersey.server.monitoring.ApplicationEventListener;
import org.glassfish.jersey.server.monitoring.RequestEvent;
import org.glassfish.jersey.server.monitoring.RequestEventListener;

/**
 * Behind each kind of filters of extensions, whatever their priorities, and in front of every resource. A filter that came back because it was interrupted has
 * checked nothing, and nobody waits for an answer.
 */
final class LastCheck implements ApplicationEventListener, RequestEventListener {
    /**
     * The first is that of filters before matching: a resource may be asked for another one then. The second is still on the thread of the filters, which a resource
     * need not be; the third is behind all.
     */
    private static final Set<RequestEvent.Type> BEHIND_FILTERS = Set.of(
            RequestEvent.Type.MATCHING_START,
            RequestEvent.Type.REQUEST_FILTERED,
            RequestEvent.Type.RESOURCE_METHOD_START);

    @Override
    public RequestEventListener onRequest(RequestEvent request) {
        return this;
    }

    @Override
    public void onEvent(ApplicationEvent event) {}

    @Override
    public void onEvent(RequestEvent event) {
        if (BEHIND_FILTERS.contains(event.getType()) && ExtensionThreads.isGivenUp()) {
            throw new ServiceUnavailableException("A REST extension did not come back in time");
        }
    }
}
