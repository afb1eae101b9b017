/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.extension;

import java.util.concurrent.CompletionStage;

/** Runs the extensions of one worker. Safe for use by many threads. */
public interface ExtensionHost extends AutoCloseable {
    /** The worker's own API, behind the extensions' filters; never blocks. */
    @FunctionalInterface
    interface OwnApi {
        CompletionStage<HttpReply> answer(HttpCall call);
    }

    /**
     * Takes a request through the extensions' filters to one of their resources or, where they have none of that path, to the worker's
     * own API. Returns at once. Fails with what an extension threw and nobody mapped to an answer.
     */
    CompletionStage<HttpReply> handle(HttpCall call, OwnApi own);

    /** Closes the extensions in reverse, then the threads. */
    @Override
    void close();
}
