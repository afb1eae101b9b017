/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final ListenerName LISTENER = new ListenerName("INSIDE");
    private final List<Caller> callers = new ArrayList<>();

    @Test
    void sessionKnowsWhereItCameFrom() {
        Session session = session(dispatcher(Authorizer.ALLOW_ALL, Throttle.NONE));
        assertThat(session.listener()).isEqualTo(LISTENER);
        assertThat(session.address()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(session.principal().getName()).isEqualTo("ANONYMOUS");
    }

    @Test
    void everySessionHasItsOwnId() {
        Dispatcher dispatcher = dispatcher(Authorizer.ALLOW_ALL, Throttle.NONE);
        assertThat(session(dispatcher).id()).isNotEqualTo(session(dispatcher).id());
    }

    @Test
    void sessionRemembersWhatTheClientTold() {
        Dispatcher dispatcher = dispatcher(Authorizer.ALLOW_ALL, Throttle.NONE);
        Session session = session(dispatcher);
        assertThat(session.versionOf(ApiKeys.API_VERSIONS)).isEqualTo((short) -1);
        ApiVersionsRequestData told =
                new ApiVersionsRequestData().setClientSoftwareName("kcat").setClientSoftwareVersion("1.7");
        dispatch(dispatcher, session, new ApiVersionsRequest(told, (short) 3), "app");
        assertThat(session.software().softwareName()).isEqualTo("kcat");
        assertThat(session.software().softwareVersion()).isEqualTo("1.7");
        assertThat(session.clientId()).isEqualTo("app");
        assertThat(session.versionOf(ApiKeys.API_VERSIONS)).isEqualTo((short) 3);
    }

    @Test
    void handlerIsToldWhoAsks() {
        Dispatcher dispatcher = dispatcher(Authorizer.ALLOW_ALL, Throttle.NONE);
        Session session = session(dispatcher);
        dispatch(dispatcher, session, heartbeat(), "app");
        assertThat(callers).singleElement().satisfies(caller -> {
            assertThat(caller.session()).isSameAs(session);
            assertThat(caller.clientId()).isEqualTo("app");
            assertThat(caller.apiVersion()).isEqualTo((short) 4);
        });
    }

    @Test
    void whatIsNotPermittedBecomesTheErrorOfItsKindOfResource() {
        Reply.Answer answer = answer(dispatcher(denyAll(), Throttle.NONE));
        assertThat(((HeartbeatResponse) answer.response()).error()).isEqualTo(Errors.GROUP_AUTHORIZATION_FAILED);
    }

    @Test
    void throttleIsToldToTheClientAndToTheConnection() {
        Reply.Answer answer = answer(dispatcher(Authorizer.ALLOW_ALL, (caller, bytes, response) -> 700 + bytes % 2));
        assertThat(answer.pauseMs()).isBetween(700, 701);
        assertThat(answer.response().throttleTimeMs()).isEqualTo(answer.pauseMs());
    }

    @Test
    void refusalsAreThrottledToo() {
        Reply.Answer answer = answer(dispatcher(denyAll(), (caller, bytes, response) -> 9));
        assertThat(answer.response().throttleTimeMs()).isEqualTo(9);
    }

    private Reply.Answer answer(Dispatcher dispatcher) {
        return (Reply.Answer) dispatch(dispatcher, session(dispatcher), heartbeat(), "app");
    }

    private static Reply dispatch(Dispatcher dispatcher, Session session, AbstractRequest request, String clientId) {
        ByteBuffer frame =
                request.serializeWithHeader(new RequestHeader(request.apiKey(), request.version(), clientId, 1));
        return dispatcher.dispatch(frame, session).join();
    }

    private static Session session(Dispatcher dispatcher) {
        return dispatcher.open(InetAddress.getLoopbackAddress(), LISTENER);
    }

    private static HeartbeatRequest heartbeat() {
        return new HeartbeatRequest.Builder(
                        new HeartbeatRequestData().setGroupId("g").setMemberId("m"))
                .build((short) 4);
    }

    private Dispatcher dispatcher(Authorizer authorizer, Throttle throttle) {
        ApiTable table = ApiTable.builder()
                .serve(ApiKeys.HEARTBEAT, 0, 4, HeartbeatRequest.class, (request, caller) -> {
                    callers.add(caller);
                    caller.requireOnGroup(AclOperation.READ, request.data().groupId());
                    return CompletableFuture.completedFuture(new HeartbeatResponse(new HeartbeatResponseData()));
                })
                .build();
        return new Dispatcher(table, authorizer, throttle);
    }

    private static Authorizer denyAll() {
        return new Authorizer() {
            @Override
            public boolean permits(Session session, AclOperation operation, ResourceType type, String name) {
                return false;
            }

            @Override
            public boolean permitsOnAny(Session session, AclOperation operation, ResourceType type) {
                return false;
            }
        };
    }
}
