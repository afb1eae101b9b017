/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import org.apache.kafka.connect.sink.SinkRecord;

/** Says into which folders of its topic a record goes. */
interface Partitioner {
    /**
     * The folders, with the delimiter between them and none around.
     *
     * @param timeMs the time of the record, by the clock that the user chose
     * @throws org.apache.kafka.connect.errors.DataException if the record lacks what the folders are named after
     */
    String folders(SinkRecord record, long timeMs);
}
