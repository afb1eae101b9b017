/* SPDX-License-Identifier: Apache-2.0 */
/**
 * REST extensions (KIP-285): what the worker and the module that runs them say to each other, and how that module is found. The module
 * brings a JAX-RS server of its own, so it is loaded by a class loader of its own, and only when {@code rest.extension.classes} is set.
 *
 * <p>Extensions are called on the module's threads, never on an event loop.
 */
@NullMarked
package io.levada.runtime.rest.extension;

import org.jspecify.annotations.NullMarked;
