/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

/** Where the primary key comes from, {@code pk.mode}. */
public enum PkMode {
    NONE,
    /** Topic, partition and offset. */
    KAFKA,
    RECORD_KEY,
    RECORD_VALUE
}
