/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.benchmarks;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what is committed in partition 0 of a topic, and prints the number of records and the sum of what their values hash to: the first four
 * bytes of the MD5 as a number without sign, which SQL can tell, too. Arguments: a broker's address, the topic. Needs Kafka's clients alone.
 */
public final class TopicSum {
    private TopicSum() {}

    public static void main(String[] args) throws NoSuchAlgorithmException {
        Map<String, Object> settings = Map.of("bootstrap.servers", args[0], "isolation.level", "read_committed");
        TopicPartition partition = new TopicPartition(args[1], 0);
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        long records = 0;
        long sum = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofSeconds(1))) {
                    records++;
                    sum += Integer.toUnsignedLong(
                            ByteBuffer.wrap(md5.digest(each.value())).getInt());
                }
            }
        }
        System.out.println(records + " " + sum);
    }
}
