/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Uploads in parts that a killed task left behind: invisible, but stored and paid for. The task that gets the partition
 * removes them, since no other writes objects of these names. Where it may not, a lifecycle rule of the bucket has to.
 */
final class Leftovers {
    private static final Logger LOGGER = LoggerFactory.getLogger(Leftovers.class);

    private final ObjectStore store;
    private final ObjectNames names;

    Leftovers(ObjectStore store, ObjectNames names) {
        this.store = store;
        this.names = names;
    }

    void abort(Collection<TopicPartition> partitions) {
        List<String> topics =
                partitions.stream().map(TopicPartition::topic).distinct().toList();
        for (String topic : topics) {
            try {
                for (MultipartUpload upload : store.unfinished(names.topicFolder(topic))) {
                    if (partitions.stream().anyMatch(each -> names.belongsTo(each, upload.key()))) {
                        store.abort(upload.key(), upload.uploadId());
                        LOGGER.atInfo().addKeyValue("object", upload.key()).log("unfinished upload removed");
                    }
                }
            } catch (ConnectException e) {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("error", e.getMessage())
                        .log("unfinished uploads were not looked for; let a lifecycle rule of the bucket remove them");
            }
        }
    }
}
