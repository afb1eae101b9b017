/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestUtils;

/** One request, by its bytes, and what becomes of it: an answer, or silence because the connection was cut. */
final class Exchange {
    private final ApiKeys api;
    private final short version;
    private final int correlation;
    private final Consumer<ApiMessage> answered;
    private final Runnable lost;

    Exchange(ApiKeys api, short version, int correlation, Consumer<ApiMessage> answered, Runnable lost) {
        this.api = api;
        this.version = version;
        this.correlation = correlation;
        this.answered = answered;
        this.lost = lost;
    }

    ByteBuffer frame(ApiMessage request, String client) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setClientId(client)
                .setCorrelationId(correlation);
        return RequestUtils.serialize(header, api.requestHeaderVersion(version), request, version);
    }

    void answered(ByteBuffer bytes) {
        ByteBufferAccessor readable = new ByteBufferAccessor(bytes);
        ResponseHeaderData header = new ResponseHeaderData(readable, api.responseHeaderVersion(version));
        Violation.unless(
                header.correlationId() == correlation,
                () -> "the answer to request " + correlation + " is one to " + header.correlationId());
        ApiMessage answer = api.messageType.newResponse();
        answer.read(readable, version);
        answered.accept(answer);
    }

    void lost() {
        lost.run();
    }
}
