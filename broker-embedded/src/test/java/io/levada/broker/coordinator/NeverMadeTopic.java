/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A coordinator's topic that cannot be made for the same reason each time. */
public record NeverMadeTopic(RuntimeException reason) implements InternalTopic {
    @Override
    public String name() {
        return "__never_made";
    }

    @Override
    public int partitions() {
        return 0;
    }

    @Override
    public CompletableFuture<Void> ready() {
        return CompletableFuture.failedFuture(reason);
    }

    @Override
    public Optional<? extends ShardLog> log(int partition) {
        return Optional.empty();
    }
}
