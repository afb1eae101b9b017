/* SPDX-License-Identifier: Apache-2.0 */
/** Subjects, versions and compatibility: what is registered and what may be. Used by {@code levada-schema-registry} only. */
@NullMarked
package io.levada.registry.schemas;

import org.jspecify.annotations.NullMarked;
