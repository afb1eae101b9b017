/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates and times by way of java.time, so that neither the JVM's time zone nor the Julian calendar touches them.
 *
 * @param zone of timestamps without a time zone
 */
@SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
public record TemporalCells(ZoneId zone, TimestampGranularity granularity) {

    /** The ends of PostgreSQL's timestamps, whose range is the widest (its manual, section 8.5), with a day's room for zones. */
    private static final Instant FIRST = Instant.parse("-4713-11-25T00:00:00Z");

    private static final Instant LAST = Instant.parse("+294276-12-30T00:00:00Z");

    /** Days have no time zone: midnight UTC of the same day, as Connect's Date wants it. */
    public static @Nullable Date date(ResultSet rows, int index) throws SQLException {
        LocalDate date = rows.getObject(index, LocalDate.class);
        if (date == null) {
            return null;
        }
        if (date.equals(LocalDate.MAX) || date.equals(LocalDate.MIN)) {
            throw infinite(rows, index);
        }
        return date(date);
    }

    /** The day in the form that Connect's Date has. */
    public static Date date(LocalDate date) {
        return new Date(Math.multiplyExact(
                date.toEpochDay(), ChronoUnit.DAYS.getDuration().toMillis()));
    }

    /** A time of day. */
    public static @Nullable LocalTime localTime(ResultSet rows, int index) throws SQLException {
        return rows.getObject(index, LocalTime.class);
    }

    /**
     * The time of day in the form that Connect's Time has, which is milliseconds. The last nanosecond stands for 24:00, as
     * PostgreSQL's driver has it; no database that we read has so fine a time.
     */
    public static Date time(LocalTime time) {
        return new Date(
                time.equals(LocalTime.MAX) ? ChronoUnit.DAYS.getDuration().toMillis() : time.toNanoOfDay() / 1_000_000);
    }

    /** A timestamp without a zone, taken to be in ours. */
    public @Nullable Object timestamp(ResultSet rows, int index) throws SQLException {
        LocalDateTime local = rows.getObject(index, LocalDateTime.class);
        if (local == null) {
            return null;
        }
        if (local.equals(LocalDateTime.MAX) || local.equals(LocalDateTime.MIN)) {
            return infinity(local.equals(LocalDateTime.MAX), rows, index);
        }
        return granularity.encode(moment(local, zone));
    }

    /** A timestamp with a zone. */
    public @Nullable Object timestampWithZone(ResultSet rows, int index) throws SQLException {
        OffsetDateTime moment = rows.getObject(index, OffsetDateTime.class);
        if (moment == null) {
            return null;
        }
        if (moment.equals(OffsetDateTime.MAX) || moment.equals(OffsetDateTime.MIN)) {
            return infinity(moment.equals(OffsetDateTime.MAX), rows, index);
        }
        return granularity.encode(moment.toInstant());
    }

    private Object infinity(boolean positive, ResultSet rows, int index) throws SQLException {
        if (granularity == TimestampGranularity.CONNECT_LOGICAL) {
            return new Date(positive ? InfiniteTimestamp.POSITIVE_MS : InfiniteTimestamp.NEGATIVE_MS);
        }
        throw infinite(rows, index);
    }

    private static DataException infinite(ResultSet rows, int index) throws SQLException {
        return new DataException("column " + rows.getMetaData().getColumnLabel(index)
                + " holds infinity, which has no form in Connect here; select a finite value with query, or for a timestamp"
                + " choose timestamp.granularity=connect_logical");
    }

    /**
     * The moment of a timestamp column, exact to the microsecond; null for NULL. Infinity is as far as a database goes, so that it
     * comes first or last and yet can be an offset.
     */
    public static @Nullable Instant instant(ResultSet rows, int index, boolean withZone, ZoneId zone)
            throws SQLException {
        if (withZone) {
            OffsetDateTime moment = rows.getObject(index, OffsetDateTime.class);
            return moment == null ? null : within(moment.toInstant());
        }
        LocalDateTime local = rows.getObject(index, LocalDateTime.class);
        if (local == null) {
            return null;
        }
        boolean infinite = local.equals(LocalDateTime.MIN) || local.equals(LocalDateTime.MAX);
        return within(moment(local, infinite ? ZoneOffset.UTC : zone));
    }

    /**
     * The moment at which clocks in the zone showed that: the first of two, where they were put back.
     *
     * @throws DataException if they never did, because they were put forward; says why, and not the time
     */
    public static Instant moment(LocalDateTime local, ZoneId zone) {
        ZonedDateTime moment = local.atZone(zone);
        if (!moment.toLocalDateTime().equals(local)) {
            throw new DataException("is a time that no clock in " + zone
                    + " showed, since they were put forward then; correct it, or db.timezone");
        }
        return moment.toInstant();
    }

    private static Instant within(Instant moment) {
        if (moment.isBefore(FIRST)) {
            return FIRST;
        }
        return moment.isAfter(LAST) ? LAST : moment;
    }
}
