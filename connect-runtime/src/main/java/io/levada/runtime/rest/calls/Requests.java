/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.herder.ConnectorOffset;
import io.levada.runtime.rest.http.MalformedBodyException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON objects that requests carry; a field that is not listed is refused. */
final class Requests {
    private Requests() {}

    /** The body of {@code POST /connectors}. */
    record Create(
            @Nullable String name,
            @Nullable Map<String, @Nullable String> config,
            @JsonProperty("initial_state") @Nullable InitialState initialState) {}

    /** The state that KIP-980 lets a connector start in. */
    record InitialState(TargetState target) {
        /** A number is none, although Java could take it for one. */
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static InitialState of(JsonNode value) {
            return new InitialState(TargetState.initial(value.isTextual() ? value.textValue() : value.toString()));
        }
    }

    /** The body of {@code POST /levada/v1/connectors/{c}/signals}. */
    record Signal(
            @Nullable String id,
            @Nullable String type,
            @Nullable JsonNode data) {
        String checkedType() {
            if (type == null || type.isBlank()) {
                throw new MalformedBodyException("A signal needs a type, such as execute-snapshot");
            }
            return type;
        }
    }

    /** The body of {@code PATCH /connectors/{c}/offsets}. */
    record Offsets(@Nullable List<@Nullable Offset> offsets) {
        List<ConnectorOffset> checked() {
            if (offsets == null || offsets.isEmpty()) {
                throw new io.levada.runtime.herder.BadRequestException(
                        "Partitions / offsets need to be provided for an alter offsets request");
            }
            return offsets.stream().map(Offsets::checked).toList();
        }

        private static ConnectorOffset checked(@Nullable Offset offset) {
            if (offset == null) {
                throw new MalformedBodyException("An offset is null; each needs a partition and an offset");
            }
            return new ConnectorOffset(offset.partition(), offset.offset());
        }
    }

    /** One entry of it. */
    record Offset(
            @Nullable Map<String, @Nullable Object> partition,
            @Nullable Map<String, @Nullable Object> offset) {}
}
