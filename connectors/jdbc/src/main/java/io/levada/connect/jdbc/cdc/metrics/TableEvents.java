/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import java.util.concurrent.atomic.AtomicLong;

/** How many events of a table there were, by kind. Written by the capturing thread alone. */
public final class TableEvents {

    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong creates = new AtomicLong();
    private final AtomicLong updates = new AtomicLong();
    private final AtomicLong deletes = new AtomicLong();
    private final AtomicLong truncates = new AtomicLong();

    /** One more; {@code op} as in the event. */
    public void add(String op) {
        more(of(op.charAt(0)), 1);
    }

    AtomicLong of(char op) {
        return switch (op) {
            case 'r' -> reads;
            case 'c' -> creates;
            case 'u' -> updates;
            case 'd' -> deletes;
            case 't' -> truncates;
            default -> throw new IllegalArgumentException("an event of a table is not of kind " + op);
        };
    }

    /** Adds as the only writer: no more than a store. */
    static void more(AtomicLong count, long added) {
        count.setOpaque(count.getPlain() + added);
    }
}
