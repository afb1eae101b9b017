/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What REST needs of HTTP, and knows of no connector but its name: listeners and their certificates, who is let in, paths, queries,
 * media types, headers and bodies of requests, and answers before they are written. Values and plain functions; bodies are read on the
 * request's event loop.
 *
 * <p>Start reading at {@link io.levada.runtime.rest.http.Route}: an endpoint makes an
 * {@link io.levada.runtime.rest.http.Answer} of an {@link io.levada.runtime.rest.http.Exchange}.
 */
@NullMarked
package io.levada.runtime.rest.http;

import org.jspecify.annotations.NullMarked;
