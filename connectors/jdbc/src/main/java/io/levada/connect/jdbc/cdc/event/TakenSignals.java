/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which signals have been taken that came by other ways than the server's log, under keys of our own. What they ask for is in the same
 * offset: after a restart each is done or still to be taken.
 *
 * @param topic that {@code offset} belongs to; null before any signal of a topic
 * @param offset of the next signal there
 * @param files that have been taken; the next has this number
 */
public record TakenSignals(@Nullable String topic, long offset, long files) {

    /** None. */
    public static final TakenSignals NONE = new TakenSignals(null, 0, 0);

    private static final String TOPIC = "levada_signal_topic";
    private static final String OFFSET = "levada_signal_offset";
    private static final String FILES = "levada_signal_files";

    static TakenSignals of(Map<String, ?> stored) {
        Object topic = stored.get(TOPIC);
        return new TakenSignals(
                topic == null ? null : String.valueOf(topic),
                CdcOffset.number(stored, OFFSET),
                CdcOffset.number(stored, FILES));
    }

    void putInto(Map<String, Object> stored) {
        if (topic != null) {
            stored.put(TOPIC, topic);
            stored.put(OFFSET, offset);
        }
        if (files != 0) {
            stored.put(FILES, files);
        }
    }

    /** And all before that offset of the topic. */
    public TakenSignals upTo(String ofTopic, long next) {
        return new TakenSignals(ofTopic, next, files);
    }

    /** And all files before that number. */
    public TakenSignals upToFile(long next) {
        return new TakenSignals(topic, offset, next);
    }
}
