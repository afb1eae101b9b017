/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;

/** A growing buffer that can be read, any number of times, without a copy. Not to be written while it is read. */
final class ByteArrayBuffer extends ByteArrayOutputStream {
    InputStream read() {
        return new ByteArrayInputStream(buf, 0, count);
    }
}
