/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

/**
 * Somebody wants a level for a logger, and for those below it, on every worker of the group (KIP-976).
 *
 * @param logger its name, {@code root} for the root logger
 * @param level in capitals as Kafka Connect writes it; of a record that somebody else wrote it may be anything
 */
public record LevelRequest(String logger, String level) {}
