/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import java.nio.file.Files;
import java.nio.file.Path;

/** The name under which something is kept beside a log file. It may be the last copy of records, so that no later one takes its place. */
public final class AsideFile {
    private AsideFile() {}

    /** {@code <log><ending>} in the folder of {@code log}, or {@code <log><ending>.1} and so on, the first that nothing has. */
    public static Path of(Path log, String ending) {
        String name = log.getFileName() + ending;
        Path aside = log.resolveSibling(name);
        for (int i = 1; Files.exists(aside); i++) {
            aside = log.resolveSibling(name + "." + i);
        }
        return aside;
    }
}
