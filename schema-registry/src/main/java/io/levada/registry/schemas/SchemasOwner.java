/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.schemas;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Runs questions on the thread that owns the schemas. */
@FunctionalInterface
public interface SchemasOwner {

    /** Never blocks; the answer, or the failure, arrives on the owner's thread. */
    CompletableFuture<Object> ask(Function<Schemas, Object> question);
}
