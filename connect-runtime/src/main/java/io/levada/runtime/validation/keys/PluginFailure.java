/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.keys;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.threads.Interruption;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Names the plugin in what it throws while a config is validated: a bare NullPointerException helps nobody. */
public final class PluginFailure {
    private PluginFailure() {}

    /**
     * What a plugin answers.
     *
     * @param asked which of its methods, for the message
     * @throws PluginLoadException if a class that the plugin needs is missing
     * @throws ConnectException with the plugin's class in its message if it fails otherwise; its message may be of any length, and its cause
     *     one that cannot be told
     */
    public static <T extends @Nullable Object> T named(Object plugin, String asked, Supplier<T> question) {
        try {
            return question.get();
        } catch (LinkageError e) {
            throw PluginLoadException.of(plugin.getClass().getName(), e);
        } catch (Throwable e) {
            Interruption.keep(e);
            // As it is: where the config came with secrets, it is known later which, and what is cut is not recognised.
            throw new ConnectException(
                    plugin.getClass().getName() + " failed in " + asked + ": " + FailureText.of(e), e);
        }
    }
}
