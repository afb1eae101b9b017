/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands until the test moves it. */
final class ManualClock implements InstantSource {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    void advance(Duration time) {
        now = now.plus(time);
    }
}
