/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.threads.Interruption;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that a plugin defines (KIP-769), and the end of one that was made to be asked for them. Both run the plugin's code on the calling
 * thread, with its class loader as context class loader.
 */
public final class DefinedKeys {
    private static final Logger LOGGER = LoggerFactory.getLogger(DefinedKeys.class);

    private DefinedKeys() {}

    /**
     * What a plugin of one of {@link PluginType#WITH_KEYS} defines; a plugin may give null.
     *
     * @throws IllegalArgumentException for any other object
     */
    public static @Nullable ConfigDef of(Object plugin) {
        return LoaderSwap.call(plugin.getClass().getClassLoader(), () -> definedBy(plugin));
    }

    private static @Nullable ConfigDef definedBy(Object plugin) {
        if (plugin instanceof Connector connector) {
            return connector.config();
        }
        if (plugin instanceof Converter converter) {
            return converter.config();
        }
        if (plugin instanceof HeaderConverter converter) {
            return converter.config();
        }
        if (plugin instanceof Transformation<?> transformation) {
            return transformation.config();
        }
        if (plugin instanceof Predicate<?> predicate) {
            return predicate.config();
        }
        throw new IllegalArgumentException(plugin.getClass().getName() + " is of no kind that defines keys");
    }

    /** Closes a plugin that nobody configured, if its kind is closed at all. It may not expect that: what it throws is for diagnosis alone. */
    public static void discard(Object plugin) {
        if (!(plugin instanceof AutoCloseable open)) {
            return;
        }
        LoaderSwap swap = LoaderSwap.to(plugin.getClass().getClassLoader());
        try {
            open.close();
        } catch (Throwable e) {
            Interruption.keep(e);
            LOGGER.atDebug()
                    .addKeyValue("class", plugin.getClass().getName())
                    .setCause(e)
                    .log("a plugin that was made to be asked for its keys did not close");
        } finally {
            swap.close();
        }
    }
}
