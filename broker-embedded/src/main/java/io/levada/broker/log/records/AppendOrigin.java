/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import io.levada.broker.log.PartitionLog;

/** Who sends a batch to {@link PartitionLog#append}, which decides what the batch may be. */
public enum AppendOrigin {
    /** A producer on the network: data batches only, sequence numbers are checked. */
    CLIENT,
    /** The broker itself: control batches are allowed, sequence numbers are taken as they are. */
    BROKER
}
