/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topic of the demo. It is there before the sinks, which would warn of one that they are to read and that does not exist. */
final class DemoTopic {

    private static final long ANSWER_MAX_SECONDS = 60;

    private DemoTopic() {}

    /** Makes it unless an earlier run did. */
    static void ensure(String bootstrap, String topic) throws IOException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IOException("Topic " + topic + " cannot be made: " + e.getCause(), e);
            }
        } catch (TimeoutException e) {
            throw new IOException("Topic " + topic + " cannot be made: the broker does not answer", e);
        }
    }
}
