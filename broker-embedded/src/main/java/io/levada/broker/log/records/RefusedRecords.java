/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;

/** A batch is refused because of some of its records, which the producer is told of; the exception that carries this says which error code. */
public interface RefusedRecords {
    /** The records at fault, by their place in the batch. */
    List<RecordError> recordErrors();

    /** Records without a key in a compacted topic, or without sense. */
    final class Invalid extends InvalidRecordException implements RefusedRecords {
        private static final long serialVersionUID = 1L;

        private final transient List<RecordError> errors;

        Invalid(String message, List<RecordError> errors) {
            super(message);
            this.errors = List.copyOf(errors);
        }

        @Override
        public List<RecordError> recordErrors() {
            return errors;
        }
    }

    /** Records older or younger than the topic takes. */
    final class Untimely extends InvalidTimestampException implements RefusedRecords {
        private static final long serialVersionUID = 1L;

        private final transient List<RecordError> errors;

        Untimely(String message, List<RecordError> errors) {
            super(message);
            this.errors = List.copyOf(errors);
        }

        @Override
        public List<RecordError> recordErrors() {
            return errors;
        }
    }
}
