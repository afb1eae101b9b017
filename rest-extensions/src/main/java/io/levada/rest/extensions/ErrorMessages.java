/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.herder.ConnectorNotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what an extension threw in the words of the REST API, unless the extension brings a mapper of its own. */
final class ErrorMessages implements ExceptionMapper<Exception> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ErrorMessages.class);

    @Override
    public Response toResponse(Exception failure) {
        if (failure instanceof WebApplicationException http) {
            return answer(
                    Response.fromResponse(http.getResponse()),
                    http.getResponse().getStatus(),
                    failure);
        }
        if (failure instanceof ConnectorNotFoundException) {
            return answer(Response.status(404), 404, failure);
        }
        LOGGER.atError().setCause(FailureText.tellable(failure)).log("a REST extension failed");
        return answer(Response.status(500), 500, failure);
    }

    private static Response answer(Response.ResponseBuilder response, int status, Exception failure) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error_code", status);
        body.put("message", FailureText.messageOrClass(failure));
        return response.type(MediaType.APPLICATION_JSON_TYPE).entity(body).build();
    }
}
