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
 * @param file whose numbers {@code files} counts; null where that was not noted
 * @param files that have been taken; the next has this number
 */
public record TakenSignals(
        @Nullable String topic, long offset, @Nullable String file, long files) {

    /** None. */
    public static final TakenSignals NONE = new TakenSignals(null, 0, null, 0);

    private static final String TOPIC = "levada_signal_topic";
    private static final String OFFSET = "levada_signal_offset";
    private static final String FILE = "levada_signal_file";
    private static final String FILES = "levada_signal_files";

    static TakenSignals of(Map<String, ?> stored) {
        Object topic = stored.get(TOPIC);
        Object file = stored.get(FILE);
        return new TakenSignals(
                topic == null ? null : String.valueOf(topic),
                CdcOffset.number(stored, OFFSET),
                file == null ? null : String.valueOf(file),
                CdcOffset.number(stored, FILES));
    }

    void putInto(Map<String, Object> stored) {
        if (topic != null) {
            stored.put(TOPIC, topic);
            stored.put(OFFSET, offset);
        }
        if (file != null) {
            stored.put(FILE, file);
        }
        if (files != 0) {
            stored.put(FILES, files);
        }
    }

    /** And all before that offset of the topic. */
    public TakenSignals upTo(String ofTopic, long next) {
        return new TakenSignals(ofTopic, next, file, files);
    }

    /** And all files of that name before that number. */
    public TakenSignals upToFile(String ofFile, long next) {
        return new TakenSignals(topic, offset, ofFile, next);
    }

    /** How many files of that name have been taken; an offset that does not say of which speaks of any. */
    public long filesOf(String name) {
        return file == null || file.equals(name) ? files : 0;
    }
}
