/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Judges a connector's config before it is stored. */
@FunctionalInterface
public interface ConnectorValidator {
    /**
     * Never blocks: validation runs plugin code on a thread of its own, within a time limit.
     *
     * @return a stage that completes, with warnings in whole sentences, if the config may be stored and fails with {@link BadRequestException} in Kafka
     *     Connect's words ("Connector configuration is invalid and contains the following N error(s): ...") if not
     */
    CompletionStage<List<String>> check(Map<String, @Nullable String> config);
}
