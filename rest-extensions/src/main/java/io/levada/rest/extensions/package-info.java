/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The JAX-RS server that REST extensions run in. Their code runs on threads of this package, {@code levada-rest-extension-<n>}, with a
 * context class loader that finds the classes of all of them.
 */
@NullMarked
package io.levada.rest.extensions;

import org.jspecify.annotations.NullMarked;
