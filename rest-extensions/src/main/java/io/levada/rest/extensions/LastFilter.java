/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import jakarta.annotation.Priority;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;

/**
 * After the filters of extensions, but those that say that they come last too; {@link OwnApiResource} asks once more, behind all. A filter that came back because it was interrupted has checked nothing, and nobody waits for an answer.
 */
@Priority(Integer.MAX_VALUE)
final class LastFilter implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        refuseIfGivenUp();
    }

    static void refuseIfGivenUp() {
        if (ExtensionThreads.isGivenUp()) {
            throw new ServiceUnavailableException("A REST extension did not come back in time");
        }
    }
}
