/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Runs a connector and its tasks in a unit test, without a worker and without Kafka.
 *
 * <p>{@link io.levada.connect.api.harness.SourceHarness} and {@link io.levada.connect.api.harness.SinkHarness} make
 * the calls a worker makes, in its order, and remember what the plugin asked of its context. They assert nothing: that
 * is the test's. Everything runs on the thread of the test, so no class here is safe for several threads, except that
 * contexts may be called from a thread of the plugin and a sink be stopped from another thread.
 */
@NullMarked
package io.levada.connect.api.harness;

import org.jspecify.annotations.NullMarked;
