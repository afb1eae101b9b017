/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.cli.connect.ConnectorFile;
import io.levada.cli.terminal.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The connectors of a worker, as far as whoever applies files of them asks. Blocks. */
interface ConnectorStore {
    boolean isEmpty() throws InterruptedException;

    /** The config of a connector as stored; empty if there is none of that name. */
    Optional<Map<String, @Nullable String>> config(String name) throws InterruptedException;

    /**
     * Creates a connector.
     *
     * @throws Problem if the worker refuses
     */
    void create(ConnectorFile connector) throws InterruptedException;

    /**
     * Gives a connector that exists the config of its file.
     *
     * @throws Problem if the worker refuses
     */
    void change(ConnectorFile connector) throws InterruptedException;

    /**
     * What a validation finds wrong in a config; none if it is valid.
     *
     * @throws Problem if it cannot be validated
     */
    List<String> errors(ConnectorFile connector) throws InterruptedException;
}
