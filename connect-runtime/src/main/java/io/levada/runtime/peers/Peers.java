/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Sends requests to other workers' REST APIs. Any thread; never blocks. */
@FunctionalInterface
public interface Peers {
    /** The answer, whatever its status; fails if there is none. */
    CompletionStage<Answer> send(Request request);

    /**
     * A request.
     *
     * @param url whole, with a query if there is one
     * @param body JSON; empty for none
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares requests
    record Request(String method, String url, Map<String, String> headers, byte[] body) {
        public Request {
            headers = Map.copyOf(headers);
        }
    }

    /** What came of it. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Answer(int status, Map<String, String> headers, byte[] body) {
        public Answer {
            headers = Map.copyOf(headers);
        }

        /** Whether it says that it is done. */
        public boolean isDone() {
            return status >= 200 && status < 300;
        }
    }
}
