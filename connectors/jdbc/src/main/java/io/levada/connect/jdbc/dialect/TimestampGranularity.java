/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;

/** What a timestamp becomes, {@code timestamp.granularity}. */
public enum TimestampGranularity {
    CONNECT_LOGICAL,
    MICROS_LONG,
    NANOS_LONG,
    MICROS_STRING,
    NANOS_STRING;

    /** Of the values of {@link #encode}. */
    public SchemaBuilder schema() {
        return switch (this) {
            case CONNECT_LOGICAL -> Timestamp.builder();
            case MICROS_LONG, NANOS_LONG -> SchemaBuilder.int64();
            case MICROS_STRING, NANOS_STRING -> SchemaBuilder.string();
        };
    }

    /** The moment in that form. */
    @SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
    public Object encode(Instant instant) {
        return switch (this) {
            case CONNECT_LOGICAL -> new java.util.Date(instant.toEpochMilli());
            case MICROS_LONG -> ChronoUnit.MICROS.between(Instant.EPOCH, instant);
            case NANOS_LONG -> ChronoUnit.NANOS.between(Instant.EPOCH, instant);
            case MICROS_STRING -> Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
            case NANOS_STRING -> Long.toString(ChronoUnit.NANOS.between(Instant.EPOCH, instant));
        };
    }
}
