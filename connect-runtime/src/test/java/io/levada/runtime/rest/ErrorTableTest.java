/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.configtopic.NotLeadingException;
import io.levada.runtime.connectors.HostileException;
import io.levada.runtime.diagnosis.MaskedFailure;
import io.levada.runtime.herder.AlreadyExistsException;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.ConflictingOperationException;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.WrongConfig;
import io.levada.runtime.peers.AnotherWorkerException;
import io.levada.runtime.peers.GroupBusyException;
import io.levada.runtime.peers.KeyUnknownException;
import io.levada.runtime.peers.UnacceptableSignatureException;
import io.levada.runtime.peers.WrongSignatureException;
import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.plugins.PluginNotFoundException;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.MalformedBodyException;
import io.levada.runtime.validation.UnknownPluginException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class ErrorTableTest {
    @Test
    void everyExceptionHasItsStatus() {
        assertThat(ErrorTable.STATUSES)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry(ConnectorNotFoundException.class, 404),
                        Map.entry(UnknownPluginException.class, 404),
                        Map.entry(AlreadyExistsException.class, 409),
                        Map.entry(ConflictingOperationException.class, 409),
                        Map.entry(GroupBusyException.class, 409),
                        Map.entry(AnotherWorkerException.class, 409),
                        Map.entry(NotLeadingException.class, 409),
                        Map.entry(UnacceptableSignatureException.class, 400),
                        Map.entry(WrongSignatureException.class, 403),
                        Map.entry(KeyUnknownException.class, 503),
                        Map.entry(BadRequestException.class, 400),
                        Map.entry(MalformedBodyException.class, 400),
                        Map.entry(PluginNotFoundException.class, 400),
                        Map.entry(PluginLoadException.class, 400)));
    }

    @Test
    void wrappersOfStagesAreLookedThrough() {
        Answer answer = ErrorTable.answer(new CompletionException(new AlreadyExistsException("there")));
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).isEqualTo(Map.of("error_code", 409, "message", "there"));
    }

    @Test
    void aFailureThatQuotesASecretHasTheStatusOfWhatItIsAndNotTheSecret() {
        BadRequestException failure =
                new BadRequestException("There is no class hunter2", List.of("hunter2 is not meant"));
        Throwable masked = MaskedFailure.of(failure, text -> text.replace("hunter2", "${file:s:class}"));

        Answer answer = ErrorTable.answer(new CompletionException(masked));

        assertThat(WrongConfig.isCauseOf(masked)).isTrue();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(Map.of("error_code", 400, "message", "There is no class ${file:s:class}"));
        assertThat(answer.warnings()).isEmpty();
    }

    @Test
    void aFailureThatCannotBeToldIsAnsweredAllTheSame() {
        for (HostileException.Kind kind : HostileException.Kind.values()) {
            Answer answer = ErrorTable.answer(new HostileException(kind));

            assertThat(answer.status()).as("%s", kind).isEqualTo(500);
            assertThat(String.valueOf(answer.body())).as("%s", kind).hasSizeLessThan(10_000);
        }
    }

    @Test
    void anythingElseIsOursAndCarriesNoTrace() {
        Answer answer = ErrorTable.answer(new ConnectException("the plugin failed"));
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo(Map.of("error_code", 500, "message", "the plugin failed"));
    }
}
