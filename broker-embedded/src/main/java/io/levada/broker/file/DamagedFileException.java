/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.file;

import java.io.IOException;
import java.nio.file.Path;

/** A file that could be read and is not what was written. */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedFileException(Path file, String what) {
        super(file + " is damaged: " + what);
    }
}
