/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A place, with what prevents looking at it: an observer that fails must not end what it observes, so that is kept to be told. */
final class Observed implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Observed.class);

    /** What fails so often, one look after the other, does not go away by itself. */
    private static final int FAILURES_TOLD_AT = 10;

    private final Place place;
    private int failures;
    private @Nullable String trouble;

    Observed(Place place) {
        this.place = place;
    }

    String name() {
        return place.name();
    }

    /** What has arrived by now, or by the last look that succeeded. */
    ArrivedChanges look() {
        try {
            place.look();
            failures = 0;
            trouble = null;
        } catch (IOException | RuntimeException e) {
            failures++;
            trouble = name() + " cannot be read: " + (e.getMessage() == null ? e : e.getMessage());
        }
        return place.changes();
    }

    ArrivedChanges changes() {
        return place.changes();
    }

    /** Why the last look failed, if it did. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** The same, once in a row of failures, and only when they last. */
    Optional<String> news() {
        return failures == FAILURES_TOLD_AT ? trouble() : Optional.empty();
    }

    @Override
    public void close() {
        try {
            place.close();
        } catch (IOException | RuntimeException e) {
            LOGGER.atDebug().setCause(e).log("an observer did not close");
        }
    }
}
