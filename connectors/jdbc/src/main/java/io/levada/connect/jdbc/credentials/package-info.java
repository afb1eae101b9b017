/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What users may implement to say who the connectors are at a database: {@code jdbc.credentials.provider.class}. Called by the
 * threads of connectors and tasks.
 */
@NullMarked
package io.levada.connect.jdbc.credentials;

import org.jspecify.annotations.NullMarked;
