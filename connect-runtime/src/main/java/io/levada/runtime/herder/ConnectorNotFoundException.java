/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

/** There is no such connector, task or status: answered with 404. */
public final class ConnectorNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The message is what the REST answer says. */
    public ConnectorNotFoundException(String message) {
        super(message);
    }
}
