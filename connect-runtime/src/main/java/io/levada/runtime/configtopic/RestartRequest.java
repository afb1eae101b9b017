/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import io.levada.runtime.connector.ConnectorName;

/**
 * Somebody wants a connector restarted (KIP-745).
 *
 * @param onlyFailed leave alone what has not failed
 * @param includeTasks its tasks too
 */
public record RestartRequest(ConnectorName connector, boolean onlyFailed, boolean includeTasks) {}
