/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.pgoutput;

/**
 * The columns of a row as text, lying in the bytes of the message they came in: nothing is copied. The bytes must not change while
 * it is in use.
 */
public final class Tuple {

    /** The column is null. */
    public static final int NULL = -1;

    /** The column is stored apart (TOAST) and did not change, so its value was not sent. */
    public static final int UNCHANGED = -2;

    private final byte[] bytes;
    private final int[] offsets;
    private final int[] lengths;

    /**
     * @param offsets of each column within {@code bytes}
     * @param lengths of each column in bytes, or {@link #NULL} or {@link #UNCHANGED}
     */
    public Tuple(byte[] bytes, int[] offsets, int[] lengths) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.lengths = lengths;
    }

    /** Number of columns. */
    public int size() {
        return lengths.length;
    }

    /** The bytes that all columns lie in. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the column begins; without meaning for one without text. */
    public int offset(int column) {
        return offsets[column];
    }

    /** Bytes of the column's text in UTF-8, or {@link #NULL} or {@link #UNCHANGED}. */
    public int length(int column) {
        return lengths[column];
    }
}
