/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

/**
 * Why one record keeps its batch out of the log (KIP-467).
 *
 * @param index the record's place in the batch, from 0
 * @param message what is wrong with it
 */
public record RecordError(int index, String message) {}
