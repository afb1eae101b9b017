/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

/** What a request is waiting for, told if it times out. Written by the thread that works on the request, read by a timer. */
public final class RequestProgress {
    private volatile String waitingFor = "the worker to start";

    public void waitingFor(String what) {
        waitingFor = what;
    }

    public String waitingFor() {
        return waitingFor;
    }
}
