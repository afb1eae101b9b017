/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** This worker does not hold the topic, another may have claimed it since: what was to be written is not. */
public final class NotClaimedException extends RetriableException {
    private static final long serialVersionUID = 1L;

    NotClaimedException(String topic, @Nullable Throwable cause) {
        super("This worker does not hold topic " + topic + " now: another one of the group may write it", cause);
    }
}
