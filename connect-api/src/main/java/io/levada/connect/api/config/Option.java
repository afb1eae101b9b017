/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Makes a record component a configuration key.
 *
 * <p>A key is required unless it has a {@link #defaultValue()} or is {@link #optional()}; the component of an optional key is
 * null when the key is not set, so it must not be a primitive.
 *
 * <p>Component types: {@code boolean}, {@code short}, {@code int}, {@code long}, {@code double} and their boxes, {@code String},
 * {@code List<String>}, {@code Class<?>}, {@link org.apache.kafka.common.config.types.Password}, {@link java.time.Duration} (written
 * in milliseconds), {@link java.time.ZoneId}, {@link java.nio.file.Path}, {@link java.nio.charset.Charset},
 * {@link java.util.regex.Pattern} and enums (see {@link Spelled}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {

    /** The value of {@link #defaultValue()} that means: there is none. No user can write it, since it holds a control character. */
    String NONE = "\u0000none";

    /** The key as users write it. */
    String name();

    /** What the key does, its unit, and what its values mean; plain sentences. */
    String doc();

    /** The default as a user would write it, or {@link #NONE}. */
    String defaultValue() default NONE;

    /** True for a key that may be left out although it has no default. */
    boolean optional() default false;

    /** How likely a user needs the key. */
    ConfigDef.Importance importance() default ConfigDef.Importance.MEDIUM;

    /** The heading it stands under in generated documentation and forms; keys keep the order of the components within a group. */
    String group() default "General";

    /** A short label for forms; derived from the name if empty. */
    String displayName() default "";

    /** The width of its field in forms. */
    ConfigDef.Width width() default ConfigDef.Width.MEDIUM;

    /** Smallest allowed number, or milliseconds of a duration; durations are never negative unless this says so. */
    long min() default Long.MIN_VALUE;

    /** Largest allowed number, or milliseconds of a duration. */
    long max() default Long.MAX_VALUE;

    /** A further check, with a public constructor without arguments; {@code Validator.class} itself means none. */
    Class<? extends ConfigDef.Validator> validator() default ConfigDef.Validator.class;

    /** Recommended values, with a public constructor without arguments; {@code Recommender.class} itself means none. */
    Class<? extends ConfigDef.Recommender> recommender() default ConfigDef.Recommender.class;

    /** Keys whose recommended values or visibility depend on this one. */
    String[] dependents() default {};
}
