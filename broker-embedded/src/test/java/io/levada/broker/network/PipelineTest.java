/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.api.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private final List<CompletableFuture<Reply>> started = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();
    private final Pipeline pipeline = new Pipeline(
            frame -> {
                CompletableFuture<Reply> reply = new CompletableFuture<>();
                started.add(reply);
                return reply;
            },
            Runnable::run,
            replies::add);

    @Test
    void produceRequestsRunBesideEachOtherAndAreAnsweredInOrder() {
        add(ApiKeys.PRODUCE, 100);
        add(ApiKeys.PRODUCE, 100);
        pipeline.advance();
        assertThat(started).hasSize(2);
        started.get(1).complete(new Reply.Silence());
        assertThat(replies).isEmpty();
        started.get(0).complete(new Reply.Silence());
        assertThat(replies).hasSize(2);
    }

    @Test
    void otherRequestsWaitForThoseBefore() {
        add(ApiKeys.PRODUCE, 100);
        add(ApiKeys.METADATA, 100);
        add(ApiKeys.METADATA, 100);
        pipeline.advance();
        assertThat(started).hasSize(1);
        started.get(0).complete(new Reply.Silence());
        pipeline.advance();
        assertThat(started).hasSize(2);
    }

    @Test
    void aLargeRequestIsAlone() {
        add(ApiKeys.PRODUCE, Pipeline.HELD_BYTES_MAX);
        pipeline.advance();
        assertThat(pipeline.isFull()).isTrue();
        started.get(0).complete(new Reply.Silence());
        assertThat(pipeline.isFull()).isFalse();
        assertThat(pipeline.heldBytes()).isZero();
    }

    @Test
    void aRequestThatWaitsForOthersHoldsNoMemory() {
        add(ApiKeys.JOIN_GROUP, 1000);
        assertThat(pipeline.heldBytes()).isEqualTo(1000);
        pipeline.advance();
        assertThat(pipeline.heldBytes()).isZero();
    }

    @Test
    void whatWaitsIsForgottenWhenStopped() {
        add(ApiKeys.PRODUCE, 100);
        pipeline.advance();
        add(ApiKeys.METADATA, 50);
        pipeline.stop();
        assertThat(pipeline.heldBytes()).isEqualTo(100);
        started.get(0).complete(new Reply.Silence());
        pipeline.advance();
        assertThat(started).hasSize(1);
        assertThat(pipeline.isIdle()).isTrue();
        assertThat(pipeline.heldBytes()).isZero();
    }

    private void add(ApiKeys api, int bytes) {
        pipeline.add(ByteBuffer.allocate(bytes).putShort(0, api.id));
    }
}
