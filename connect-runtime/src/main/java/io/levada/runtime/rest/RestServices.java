/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import io.levada.runtime.herder.Herder;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.validation.ValidationService;

/** What REST calls; there once the worker has started. */
public record RestServices(Herder herder, Plugins plugins, ValidationService validation) {}
