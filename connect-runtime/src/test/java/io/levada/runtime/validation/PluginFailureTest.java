/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.validation.keys.PluginFailure;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** What is told of a plugin that fails while it judges a config. */
final class PluginFailureTest {
    private static ConnectException failure(RuntimeException thrown) {
        return catchThrowableOfType(
                ConnectException.class,
                () -> PluginFailure.named("plugin", "validate()", () -> {
                    throw thrown;
                }));
    }

    /** A key of some kilobytes may begin before the place where a message is cut, and end behind it. */
    @Test
    void aSecretIsHiddenBeforeItsMessageIsCut() {
        String key = "-----BEGIN PRIVATE KEY-----" + "MIIE".repeat(500);
        Unresolved references = Unresolved.between(Map.of("key", "${file:s:key}"), Map.of("key", key));

        RuntimeException told =
                references.shown(failure(new IllegalStateException("no key: " + key + "x".repeat(1_000_000))));

        assertThat(FailureText.trace(told))
                .contains(
                        "java.lang.String failed in validate(): java.lang.IllegalStateException: no key: ${file:s:key}")
                .doesNotContain("PRIVATE KEY")
                .hasSizeLessThan(100_000);
    }

    @Test
    void oneThatSaysNothingOfItselfIsNamedByItsClass() {
        assertThat(failure(new Mute()))
                .hasMessageStartingWith("java.lang.String failed in validate(): " + Mute.class.getName());
    }

    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not here");
        }
    }
}
