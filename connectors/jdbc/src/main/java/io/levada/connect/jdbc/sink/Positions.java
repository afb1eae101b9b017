/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** How far each partition has been written, if the database is to know. Called by the task's thread. */
public interface Positions {

    /** Kafka alone knows: records that were written may come again. */
    Positions NOT_KEPT = new Positions() {
        @Override
        public boolean areKept() {
            return false;
        }

        @Override
        public Map<TopicPartition, Long> open(Collection<TopicPartition> partitions, Connection connection) {
            return Map.of();
        }

        @Override
        public void close(Collection<TopicPartition> partitions) {
            // Nothing is known of them.
        }

        @Override
        public Map<TopicPartition, Long> lost(Connection connection) {
            return Map.of();
        }

        @Override
        public Collection<SinkRecord> notYetWritten(Collection<SinkRecord> records) {
            return records;
        }

        @Override
        public void advance(Collection<SinkRecord> records, Connection connection) {
            // Kafka is told by the worker.
        }

        @Override
        public void committed(Collection<SinkRecord> records) {
            // As above.
        }

        @Override
        public void forget() {
            // Nothing is known.
        }
    };

    /** Whether rows and positions are committed together. */
    boolean areKept();

    /**
     * Takes over partitions from whichever task had them, and commits that: from now on it cannot write any more.
     *
     * @return the next offset to read, for partitions of which the database knows it
     */
    Map<TopicPartition, Long> open(Collection<TopicPartition> partitions, Connection connection) throws SQLException;

    /** Lets partitions go, which another task may take over. */
    void close(Collection<TopicPartition> partitions);

    /**
     * Called before anything of a put is written. After a failure it looks at what the database has: perhaps less than was committed,
     * if a server took over that had not received all.
     *
     * @return the next offset to read, for partitions of which the database has less than before
     */
    Map<TopicPartition, Long> lost(Connection connection) throws SQLException;

    /**
     * The records without those that have been written before, which only come again after a failure.
     *
     * @throws org.apache.kafka.connect.errors.ConnectException if they come without any, so that they are perhaps others than those that
     *     were written
     */
    Collection<SinkRecord> notYetWritten(Collection<SinkRecord> records);

    /**
     * Notes in the connection's transaction that all of these are written.
     *
     * @throws java.sql.SQLTransientException if the database is not where it was after the last put
     * @throws org.apache.kafka.connect.errors.ConnectException if another task has taken over one of the partitions
     */
    void advance(Collection<SinkRecord> records, Connection connection) throws SQLException;

    /** Told after the commit. */
    void committed(Collection<SinkRecord> records);

    /** Told after a failure: what is known may not hold any more, since a commit was perhaps done and not answered. */
    void forget();
}
