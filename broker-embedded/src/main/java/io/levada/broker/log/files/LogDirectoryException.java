/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

/** The data directory cannot be used as it is; the message names it, what is wrong and the way out. */
public final class LogDirectoryException extends RuntimeException {
    public LogDirectoryException(String message) {
        super(message);
    }

    public LogDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
