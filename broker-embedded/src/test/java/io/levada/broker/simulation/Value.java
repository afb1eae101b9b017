/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

/** What a record holds: who sent it, and as its how-manieth. */
record Value(String producer, long number) {
    static Value parse(String text) {
        int colon = text.lastIndexOf(':');
        return new Value(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
    }

    String text() {
        return producer + ":" + number;
    }
}
