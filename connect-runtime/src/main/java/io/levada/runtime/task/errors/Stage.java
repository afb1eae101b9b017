/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

/** Where on its way a record is, in Kafka Connect's words: they appear in dead letter headers. */
public enum Stage {
    TASK_POLL(false),
    TASK_PUT(false),
    TRANSFORMATION(true),
    KEY_CONVERTER(true),
    VALUE_CONVERTER(true),
    HEADER_CONVERTER(true),
    KAFKA_PRODUCE(false),
    KAFKA_CONSUME(false);

    private final boolean tolerable;

    Stage(boolean tolerable) {
        this.tolerable = tolerable;
    }

    /** Whether any failure here concerns one record only, so that the record can be skipped. */
    boolean tolerable() {
        return tolerable;
    }
}
