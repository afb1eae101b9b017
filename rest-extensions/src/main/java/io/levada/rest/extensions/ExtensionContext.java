/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import jakarta.ws.rs.core.Configurable;
import org.apache.kafka.connect.health.ConnectClusterState;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;

/** What an extension is given to register with. */
record ExtensionContext(Configurable<? extends Configurable<?>> configurable, ConnectClusterState clusterState)
        implements ConnectRestExtensionContext {}
