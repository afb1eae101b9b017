/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

/** When an append counts as durable ({@code broker.flush}). */
public enum FlushPolicy {
    /** After an fsync that it shares with every append waiting at that moment. The high watermark never passes the flushed offset. */
    FSYNC,
    /** Once the operating system has the bytes: Kafka's own behaviour. Survives the death of the process, not of the machine. */
    OS
}
