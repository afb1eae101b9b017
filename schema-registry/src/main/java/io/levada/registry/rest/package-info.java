/* SPDX-License-Identifier: Apache-2.0 */
/** HTTP: paths and bodies to calls and back, no decisions. Runs on Vert.x event loops, which never block. */
@NullMarked
package io.levada.registry.rest;

import org.jspecify.annotations.NullMarked;
