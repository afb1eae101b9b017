/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import java.util.Map;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;

/** An extension that cannot be configured. */
public final class PickyExtension implements ConnectRestExtension {
    @Override
    public void configure(Map<String, ?> worker) {
        throw new IllegalArgumentException("nothing suits it");
    }

    @Override
    public void register(ConnectRestExtensionContext context) {}

    @Override
    public String version() {
        return "1";
    }

    @Override
    public void close() {}
}
