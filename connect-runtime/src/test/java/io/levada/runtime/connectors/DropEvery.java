/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

/** Drops records of one value, fails on those of another, and on those of a third in a way that may pass. */
public final class DropEvery<R extends ConnectRecord<R>> implements Transformation<R> {
    /** How many are configured and not closed, by what they are counted as. */
    public static final Map<String, AtomicInteger> OPEN = new ConcurrentHashMap<>();

    /** How often one was told to fail while it is configured. */
    public static final Map<String, AtomicInteger> REFUSALS = new ConcurrentHashMap<>();

    private @Nullable String countedAs;
    private @Nullable String drop;
    private @Nullable String fail;
    private @Nullable String retry;

    @Override
    @SuppressWarnings("NullAway") // A transform answers null to drop a record.
    public @Nullable R apply(R record) {
        String value = String.valueOf(record.value());
        if (value.equals(fail)) {
            throw new DataException("told to fail on this value");
        }
        if (value.equals(retry)) {
            throw new RetriableException("told to fail on this value, for now");
        }
        return value.equals(drop) ? null : record;
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define("value", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Dropped.")
                .define("counted.as", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Counted while open.")
                .define("refuse", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Cannot be configured.")
                .define("retry", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Failed on for now.")
                .define("fail", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Failed on.");
    }

    @Override
    public void configure(Map<String, ?> configs) {
        drop = (String) configs.get("value");
        fail = (String) configs.get("fail");
        retry = (String) configs.get("retry");
        if (configs.get("refuse") instanceof String refused) {
            REFUSALS.computeIfAbsent(refused, first -> new AtomicInteger()).incrementAndGet();
            throw new ConnectException("told not to be configured");
        }
        countedAs = (String) configs.get("counted.as");
        if (countedAs != null) {
            OPEN.computeIfAbsent(countedAs, first -> new AtomicInteger()).incrementAndGet();
        }
    }

    @Override
    public void close() {
        AtomicInteger open = countedAs == null ? null : OPEN.get(countedAs);
        if (open != null) {
            open.decrementAndGet();
        }
    }
}
