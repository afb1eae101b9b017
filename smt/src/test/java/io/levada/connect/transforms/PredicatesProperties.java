/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.transforms.predicates.HasHeaderKey;
import io.levada.connect.transforms.predicates.RecordIsTombstone;
import io.levada.connect.transforms.predicates.TopicNameMatches;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/** Every predicate decides as Apache's of the same name does. */
@PropertyDefaults(tries = 500, edgeCases = EdgeCasesMode.NONE)
final class PredicatesProperties {

    @Property
    void hasHeaderKey(@ForAll("records") ConnectRecord<?> record, @ForAll("names") String name) {
        assertAgree(
                new HasHeaderKey<>(),
                new org.apache.kafka.connect.transforms.predicates.HasHeaderKey<>(),
                Map.of("name", name),
                record);
    }

    @Property
    void recordIsTombstone(@ForAll("records") ConnectRecord<?> record) {
        assertAgree(
                new RecordIsTombstone<>(),
                new org.apache.kafka.connect.transforms.predicates.RecordIsTombstone<>(),
                Map.of(),
                record);
    }

    @Property
    void topicNameMatches(@ForAll("records") ConnectRecord<?> record, @ForAll("patterns") String pattern) {
        assertAgree(
                new TopicNameMatches<>(),
                new org.apache.kafka.connect.transforms.predicates.TopicNameMatches<>(),
                Map.of("pattern", pattern),
                record);
    }

    @Provide
    Arbitrary<ConnectRecord<?>> records() {
        return AnyRecord.record();
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "h", "z", "");
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of("orders", "ord", ".*", "[", "", "payments");
    }

    private static void assertAgree(
            Predicate<?> ours, Predicate<?> theirs, Map<String, String> config, ConnectRecord<?> record) {
        String decision = decision(theirs, config, record);
        assertThat(decision(ours, config, record)).isEqualTo(decision);
        if (!decision.equals("refused")) {
            assertThat(ours).asString().isEqualTo(theirs.toString());
        }
    }

    private static <R extends ConnectRecord<R>> String decision(
            Predicate<R> predicate, Map<String, String> config, ConnectRecord<?> record) {
        try (predicate) {
            predicate.configure(config);
            @SuppressWarnings("unchecked") // a predicate takes both kinds of record
            R input = (R) record;
            return String.valueOf(predicate.test(input));
        } catch (ConfigException e) {
            return "refused";
        }
    }
}
