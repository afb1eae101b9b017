/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * Objects that the wall clock ended are in the store, and the worker has not yet asked for the offset up to which they go, to
 * commit it. Until it has, no other object of the partition may be finished: after a crash the same records make longer or shorter
 * objects, beside which the other would hold some of them once more.
 */
final class AwaitedCommit extends RetriableException {
    private static final long serialVersionUID = 1;

    /** The commit was asked for and comes before records are delivered again. */
    static final long LOOK_AGAIN_MS = 100;

    AwaitedCommit(TopicPartition partition) {
        super("Objects of " + partition + " wait until the offsets of those before are committed");
    }
}
