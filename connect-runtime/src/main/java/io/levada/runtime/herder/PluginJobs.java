/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Runs plugin code on a thread of its own, within a time limit. A job that hangs holds up those about the same connector. */
@FunctionalInterface
public interface PluginJobs {
    /** The answer of {@code job}, or its failure. */
    <T> CompletionStage<T> run(ConnectorName connector, Supplier<T> job);
}
