/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What stands between the worker and plugins that count on the very classes of Apache's worker. It lies beside Apache's jars, is loaded
 * with them, and is reached by reflection: the worker itself knows none of these types.
 */
@NullMarked
package io.levada.apache;

import org.jspecify.annotations.NullMarked;
