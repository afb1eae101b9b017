/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

/** Undoes a subscription. Closing twice is harmless. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
