/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.requests.FetchResponse;

/** One fetch request once its session is known: what is to be read, and which of the findings the client is told. */
interface FetchTurn {
    /** In the order in which they get their share of the bytes. */
    List<Asked> asked();

    /** The answer to {@code found}, which has one entry for each of {@link #asked()}. Called once, when the waiting is over. */
    FetchResponse answer(List<PartitionData> found);

    /** An answer that tells all there is. */
    static FetchResponse tellAll(List<Asked> asked, List<PartitionData> found, int sessionId) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Asked partition = asked.get(i);
            if (i == 0 || !partition.isOfSameTopic(asked.get(i - 1))) {
                topics.add(
                        new FetchableTopicResponse().setTopic(partition.topic()).setTopicId(partition.topicId()));
            }
            topics.get(topics.size() - 1).partitions().add(found.get(i));
        }
        return FetchResponse.of(new FetchResponseData().setSessionId(sessionId).setResponses(topics));
    }
}
