/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.threads;

import java.util.Map;
import org.slf4j.MDC;

/**
 * Makes threads whose lines in the log say for whom they work, as those of the thread that made them do: a worker notes connector and
 * task in the MDC (KIP-449), which a new thread does not have by itself.
 */
public final class ConnectorThread {

    private ConnectorThread() {}

    /** One that does not keep the JVM from ending; not started. */
    public static Thread daemon(String name, Runnable work) {
        Map<String, String> context = MDC.getCopyOfContextMap();
        Thread thread = new Thread(
                () -> {
                    if (context != null) {
                        MDC.setContextMap(context);
                    }
                    work.run();
                },
                name);
        thread.setDaemon(true);
        return thread;
    }
}
