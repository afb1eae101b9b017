/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

/**
 * A plugin as a listing shows it.
 *
 * @param className the full class name
 * @param type what it is
 * @param version what the plugin says, or {@code undefined} if it does not say
 * @param location the folder or jar it is loaded from, or {@code classpath}
 */
public record PluginDescription(String className, PluginType type, String version, String location) {}
