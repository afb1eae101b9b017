/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import io.levada.runtime.rest.extension.ExtensionHost;
import io.levada.runtime.rest.extension.ExtensionHostFactory;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.health.ConnectClusterState;
import org.apache.kafka.connect.rest.ConnectRestExtension;

/** How the worker finds this module, as a service. */
public final class JerseyHostFactory implements ExtensionHostFactory {
    @Override
    public ExtensionHost open(
            List<ConnectRestExtension> extensions, ConnectClusterState cluster, Set<String> ownRoots) {
        return JerseyHost.open(extensions, cluster, ownRoots);
    }
}
