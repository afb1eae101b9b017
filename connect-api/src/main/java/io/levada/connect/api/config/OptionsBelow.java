/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a record component, a {@code Map<String, String>}, hold all that is set under keys of a beginning and is no option: such as the
 * properties of a driver, whose names the connector does not list. The record's constructor refuses those that are not to be set.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface OptionsBelow {

    /** How the keys begin, such as {@code connection.}; the map's keys are without it. */
    String value();
}
