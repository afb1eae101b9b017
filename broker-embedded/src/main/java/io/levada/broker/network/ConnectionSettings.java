/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import java.time.Duration;

/**
 * Limits of a connection.
 *
 * @param idleMax a connection silent for this long is closed ({@code connections.max.idle.ms})
 * @param firstRequestMax a connection that has not sent a valid request by then is closed
 */
public record ConnectionSettings(FrameLimits frames, Duration idleMax, Duration firstRequestMax) {}
