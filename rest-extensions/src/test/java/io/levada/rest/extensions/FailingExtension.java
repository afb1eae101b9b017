/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;

/** An extension that cannot be registered. */
public final class FailingExtension implements ConnectRestExtension {
    static final AtomicInteger MADE = new AtomicInteger();

    public FailingExtension() {
        MADE.incrementAndGet();
    }

    @Override
    public void configure(Map<String, ?> worker) {}

    @Override
    public void register(ConnectRestExtensionContext context) {
        throw new IllegalStateException("the key store is locked");
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public void close() {
        GateExtension.EVENTS.add("failing closed");
    }
}
