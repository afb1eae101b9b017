/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.segment.LogPosition;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Records that had been forced to disk, and so may have been acknowledged, are not there any more as they were. Nothing was changed; only an operator may
 * decide what becomes of them.
 */
public final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedLogException(Path file, LogPosition at, String damage) {
        super(file + " is damaged at position " + at.position() + ", offset " + at.offset() + ": " + damage);
    }

    DamagedLogException(Path folder, String damage) {
        super(folder + " is damaged: " + damage);
    }
}
