/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the paths of the API do: calls of the rest of the worker, and the JSON of their answers in Kafka Connect's words. Which path does
 * what is in {@link io.levada.runtime.rest.calls.Endpoints}. Everything runs on event loops and never blocks.
 */
@NullMarked
package io.levada.runtime.rest.calls;

import org.jspecify.annotations.NullMarked;
