/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

/** Runs a transform of ours and Apache's of the same name over the same input. */
final class Twins {

    /** What Apache's code throws without meaning to; ours may say it better. */
    private static final Set<Class<?>> ACCIDENTS =
            Set.of(NullPointerException.class, ClassCastException.class, ArrayIndexOutOfBoundsException.class);

    private Twins() {}

    /** Asserts that both give equal records, or fail in the same way; the second record meets warm caches. */
    static void assertAgree(String name, Map<String, String> config, ConnectRecord<?> record) {
        String before = String.valueOf(record);
        Outcome theirs = Outcome.of("org.apache.kafka.connect.transforms." + name, config, record);
        Outcome ours = Outcome.of("io.levada.connect.transforms." + name, config, record);
        assertThat(String.valueOf(record)).as("the input is left alone").isEqualTo(before);
        if (theirs.failure == null) {
            assertThat(ours.failure).as("failure").isNull();
            assertThat(ours.record).isEqualTo(theirs.record);
        } else {
            assertThat(ours.failure).as("failure like " + theirs.failure).isNotNull();
            if (!ACCIDENTS.contains(theirs.failure.getClass())) {
                assertThat(kind(ours.failure)).isEqualTo(kind(theirs.failure));
            }
        }
    }

    /** Who has to act. */
    private static String kind(@Nullable Throwable failure) {
        if (failure instanceof ConfigException) {
            return "configuration";
        } else if (failure instanceof DataException) {
            return "data";
        } else if (failure instanceof ConnectException) {
            return "connect";
        }
        return String.valueOf(failure == null ? null : failure.getClass());
    }

    private record Outcome(
            @Nullable Object record, @Nullable RuntimeException failure) {

        static <R extends ConnectRecord<R>> Outcome of(
                String className, Map<String, String> config, ConnectRecord<?> record) {
            try (Transformation<R> transformation = create(className)) {
                transformation.configure(config);
                @SuppressWarnings("unchecked") // sink and source records are their own R
                R input = (R) record;
                transformation.apply(input);
                return new Outcome(transformation.apply(input), null);
            } catch (RuntimeException e) {
                return new Outcome(null, e);
            }
        }

        @SuppressWarnings("unchecked") // a transform works on both kinds of record
        private static <R extends ConnectRecord<R>> Transformation<R> create(String className) {
            try {
                return Class.forName(className)
                        .asSubclass(Transformation.class)
                        .getDeclaredConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("no transform " + className, e);
            }
        }
    }
}
