/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import java.io.IOException;
import java.nio.file.Path;

/** A derived file (index or snapshot) contradicts itself or its log; it is rebuilt. */
public final class CorruptIndexException extends IOException {
    public CorruptIndexException(Path file, String reason) {
        super(file + " is corrupt: " + reason);
    }
}
