/* SPDX-License-Identifier: Apache-2.0 */
/** What a connector author adds to Apache's connector API. */
@NullMarked
package io.levada.connect.api;

import org.jspecify.annotations.NullMarked;
