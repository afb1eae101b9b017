/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.peers;

import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/** Kafka Streams, exactly once: counts the words of "words" over a repartition topic and a store, and tells every count in "counts". */
public final class WordCounts {
    private WordCounts() {}

    /** Given the broker's address and a folder for its state; runs until it is killed. */
    public static void main(String[] arguments) {
        Properties config = new Properties();
        config.put("bootstrap.servers", arguments[0]);
        config.put("state.dir", arguments[1]);
        config.put("application.id", "word-counts");
        config.put("processing.guarantee", "exactly_once_v2");
        config.put("commit.interval.ms", "100");
        // Without a cache every single count is told, so that one too many or too few shows.
        config.put("statestore.cache.max.bytes", "0");
        config.put("consumer.session.timeout.ms", "6000");
        config.put("consumer.heartbeat.interval.ms", "1500");
        config.put("consumer.auto.offset.reset", "earliest");
        config.put("consumer.max.poll.records", "20");
        config.put("default.key.serde", Serdes.StringSerde.class.getName());
        config.put("default.value.serde", Serdes.StringSerde.class.getName());
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream("words")
                .selectKey((line, word) -> slowly(word))
                .groupByKey()
                .count(Materialized.as("store"))
                .toStream()
                .mapValues(count -> Long.toString(count))
                .to("counts", Produced.with(Serdes.String(), Serdes.String()));
        new KafkaStreams(builder.build(), config).start();
    }

    /** Slow enough to be killed in the middle of it. */
    private static String slowly(String word) {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return word;
    }
}
