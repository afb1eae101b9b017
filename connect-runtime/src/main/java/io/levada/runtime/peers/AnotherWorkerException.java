/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

/** What was asked for is another worker's business, and nothing was done about it here. */
public final class AnotherWorkerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String url;

    /** @param url of that worker's REST API, with a slash at the end */
    public AnotherWorkerException(String url) {
        super("Cannot complete request because of a conflicting operation (e.g. worker rebalance)");
        this.url = url;
    }

    /** Of its REST API, with a slash at the end. */
    public String url() {
        return url;
    }
}
