/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Finds plugins on {@code plugin.path}, in the distribution's own folder and on the class path, loads each location in a class loader
 * of its own, and makes instances. Any thread may call {@link io.levada.runtime.plugins.Plugins}; what it calls is plugin code, so the
 * caller must be a thread that may block: never an event loop and never the herder.
 */
@NullMarked
package io.levada.runtime.plugins;

import org.jspecify.annotations.NullMarked;
