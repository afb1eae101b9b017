/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import io.levada.runtime.configtopic.NotLeadingException;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.diagnosis.MaskedFailure;
import io.levada.runtime.herder.AlreadyExistsException;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.ConflictingOperationException;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.WrongConfig;
import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.peers.AnotherWorkerException;
import io.levada.runtime.peers.GroupBusyException;
import io.levada.runtime.peers.KeyUnknownException;
import io.levada.runtime.peers.UnacceptableSignatureException;
import io.levada.runtime.peers.WrongSignatureException;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.HttpStatusException;
import io.levada.runtime.rest.http.MalformedBodyException;
import io.levada.runtime.validation.UnknownPluginException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which exception becomes which HTTP status: the only place that knows. What is not listed is ours, and is 500. */
final class ErrorTable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ErrorTable.class);

    static final Map<Class<? extends Throwable>, Integer> STATUSES = statuses();

    private ErrorTable() {}

    private static Map<Class<? extends Throwable>, Integer> statuses() {
        Map<Class<? extends Throwable>, Integer> statuses = new LinkedHashMap<>();
        statuses.put(ConnectorNotFoundException.class, 404);
        statuses.put(UnknownPluginException.class, 404);
        statuses.put(AlreadyExistsException.class, 409);
        statuses.put(ConflictingOperationException.class, 409);
        statuses.put(GroupBusyException.class, 409);
        statuses.put(AnotherWorkerException.class, 409);
        statuses.put(NotLeadingException.class, 409);
        statuses.put(UnacceptableSignatureException.class, 400);
        statuses.put(WrongSignatureException.class, 403);
        statuses.put(KeyUnknownException.class, 503);
        statuses.put(MalformedBodyException.class, 400);
        WrongConfig.FAILURES.forEach(failure -> statuses.put(failure, 400));
        return statuses;
    }

    static Answer answer(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof HttpStatusException http) {
            return http.answer();
        }
        Integer status = STATUSES.get(MaskedFailure.original(cause).getClass());
        if (status != null) {
            Answer answer = Answer.error(status, FailureText.messageOrClass(cause));
            // Of a masked one they are not told: they may quote what its message does.
            return cause instanceof BadRequestException refused ? answer.warning(refused.warnings()) : answer;
        }
        Throwable told = FailureText.tellable(cause);
        LOGGER.atError().setCause(told).log("request failed");
        return Answer.error(500, FailureText.messageOrClass(told));
    }
}
