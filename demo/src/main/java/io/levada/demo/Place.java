/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;

/** Where changes arrive, looked at from outside again and again; what is only half there yet is left for the next look. */
interface Place extends AutoCloseable {

    /** As it stands in a sentence: "the file". */
    String name();

    /**
     * Takes in what is new.
     *
     * @throws IOException if the place cannot be read now; likewise for what its client throws unchecked. The changes are then
     *     what was known before, in part or whole, and a later look goes on from there
     */
    void look() throws IOException;

    /** What had arrived by the last look. */
    ArrivedChanges changes();

    @Override
    void close() throws IOException;
}
