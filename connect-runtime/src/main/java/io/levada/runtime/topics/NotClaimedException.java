/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Another worker has claimed the topic since: what was to be written is not. */
public final class NotClaimedException extends RetriableException {
    private static final long serialVersionUID = 1L;

    NotClaimedException(String topic, @Nullable Throwable cause) {
        super("Another worker of the group writes topic " + topic + " now", cause);
    }
}
