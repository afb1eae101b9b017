/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;

/** What a timestamp becomes, {@code timestamp.granularity}. */
public enum TimestampGranularity {
    CONNECT_LOGICAL,
    MICROS_LONG,
    NANOS_LONG,
    MICROS_STRING,
    NANOS_STRING,
    MICROS_ISO_DATETIME_STRING,
    NANOS_ISO_DATETIME_STRING;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private static final DateTimeFormatter ISO_MICROS = iso("SSSSSS");
    private static final DateTimeFormatter ISO_NANOS = iso("SSSSSSSSS");

    private static DateTimeFormatter iso(String fraction) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss." + fraction, Locale.ROOT)
                .withZone(ZoneOffset.UTC);
    }

    /** Of the values of {@link #encode}. */
    public SchemaBuilder schema() {
        return switch (this) {
            case CONNECT_LOGICAL -> Timestamp.builder();
            case MICROS_LONG, NANOS_LONG -> SchemaBuilder.int64();
            case MICROS_STRING, NANOS_STRING, MICROS_ISO_DATETIME_STRING, NANOS_ISO_DATETIME_STRING ->
                SchemaBuilder.string();
        };
    }

    /**
     * The moment in that form; digits that it has no room for are cut.
     *
     * @throws DataException if the moment is too far from 1970 for the form
     */
    @SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
    public Object encode(Instant instant) {
        return switch (this) {
            case CONNECT_LOGICAL -> new java.util.Date(instant.toEpochMilli());
            case MICROS_LONG -> whole(instant, MICROS_PER_SECOND);
            case NANOS_LONG -> whole(instant, NANOS_PER_SECOND);
            case MICROS_STRING -> units(instant, MICROS_PER_SECOND).toString();
            case NANOS_STRING -> units(instant, NANOS_PER_SECOND).toString();
            case MICROS_ISO_DATETIME_STRING -> ISO_MICROS.format(instant);
            case NANOS_ISO_DATETIME_STRING -> ISO_NANOS.format(instant);
        };
    }

    private Object whole(Instant instant, long perSecond) {
        try {
            return units(instant, perSecond).longValueExact();
        } catch (ArithmeticException e) {
            throw new DataException(
                    "the timestamp " + instant + " is too far from 1970 for " + name().toLowerCase(Locale.ROOT)
                            + "; choose another timestamp.granularity",
                    e);
        }
    }

    private static BigInteger units(Instant instant, long perSecond) {
        return BigInteger.valueOf(instant.getEpochSecond())
                .multiply(BigInteger.valueOf(perSecond))
                .add(BigInteger.valueOf(instant.getNano() / (NANOS_PER_SECOND / perSecond)));
    }
}
