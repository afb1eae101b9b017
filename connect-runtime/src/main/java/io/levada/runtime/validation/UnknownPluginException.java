/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

/** No plugin of any kind has the name that a request asks about: answered with 404. */
public final class UnknownPluginException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownPluginException(String name) {
        super("Unknown plugin " + name + ".");
    }
}
