/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.extension;

import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.health.ConnectClusterState;
import org.apache.kafka.connect.rest.ConnectRestExtension;

/** Found as a service in the jars that run extensions. */
public interface ExtensionHostFactory {
    /**
     * Lets extensions register what they have.
     *
     * @param extensions configured, in the order of {@code rest.extension.classes}; the host closes them, also when this fails
     * @param cluster what they may ask of the worker
     * @param ownRoots the first segments of the paths of the worker's own API
     * @throws org.apache.kafka.common.config.ConfigException that names the extension that failed
     */
    ExtensionHost open(List<ConnectRestExtension> extensions, ConnectClusterState cluster, Set<String> ownRoots);
}
