/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Kafka Connect's REST API over Vert.x: HTTP to calls of the herder and back, no decisions. Runs on Vert.x event loops, which never
 * block: what calls plugins goes to the validation threads, the rest to the herder's queue; answers come back as completion stages. It
 * also serves {@code /metrics} and the console's files.
 *
 * <p>Start reading at {@link io.levada.runtime.rest.RestServer}; which path does what is in {@code calls.Endpoints}, which exception becomes
 * which status in {@code ErrorTable}.
 */
@NullMarked
package io.levada.runtime.rest;

import org.jspecify.annotations.NullMarked;
