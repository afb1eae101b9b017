/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.advice;

import io.levada.runtime.spelling.Spelling;
import io.levada.runtime.validation.infos.ConfigInfo;
import io.levada.runtime.validation.infos.ConfigInfos;
import io.levada.runtime.validation.keys.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * Adds to an answer what somebody who mistyped something needs: an entry for each unknown key, and the nearest key or choice in the text of an
 * error that a wrong spelling explains. How many errors there are does not change.
 */
public final class Advice {
    /** The group of the entries that unknown keys get. It is not among the groups of the answer, which are those of the definitions. */
    public static final String GROUP = "Unknown keys";

    private static final Pattern CHOICES = Pattern.compile("one of[^:,\\[]*:? ?\\[?([^\\]]+)]?$");
    private static final Pattern SECRET = Pattern.compile(
            "pass|pw|secret|token|credential|private|key|auth|jaas|sas|cert|signature", Pattern.CASE_INSENSITIVE);

    private final Map<String, @Nullable String> config;
    private final List<UnknownKey> unknown;

    public Advice(Map<String, @Nullable String> config, UnknownKeys unknown) {
        this.config = config;
        this.unknown = List.copyOf(unknown.find());
    }

    public ConfigInfos addTo(ConfigInfos infos) {
        List<ConfigInfo> configs = new ArrayList<>();
        Set<String> shown = new HashSet<>();
        Set<String> passwords = new TreeSet<>();
        for (ConfigInfo info : infos.configs()) {
            ConfigInfo.Definition definition = info.definition();
            ConfigInfo.Value value = info.value();
            if (definition != null && definition.type().equals(ConfigDef.Type.PASSWORD.name())) {
                passwords.add(definition.name());
            }
            if (value != null) {
                shown.add(value.name());
            }
            configs.add(value == null || value.errors().isEmpty() ? info : advised(definition, value));
        }
        for (UnknownKey key : unknown) {
            if (!shown.contains(key.key())) {
                configs.add(entry(key, passwords, unknown.indexOf(key) + 1));
            }
        }
        return infos.with(configs)
                .warning(unknown.stream().map(UnknownKey::advice).toList());
    }

    private ConfigInfo advised(ConfigInfo.@Nullable Definition definition, ConfigInfo.Value value) {
        String given = config.get(value.name());
        boolean secret = definition != null && definition.type().equals(ConfigDef.Type.PASSWORD.name());
        List<String> errors = new ArrayList<>(value.errors());
        String advice = given == null ? misspelt(value.name()) : secret ? "" : choice(given, errors.get(0));
        if (!advice.isEmpty()) {
            errors.set(0, errors.get(0) + (errors.get(0).endsWith(".") ? "" : ".") + advice);
        }
        return new ConfigInfo(definition, value.withErrors(errors));
    }

    /** What a key that is missed may have been written as. */
    private String misspelt(String missed) {
        List<String> written = unknown.stream()
                .filter(key -> !key.nearest().isEmpty() && key.nearest().get(0).equals(missed))
                .map(UnknownKey::key)
                .toList();
        return written.isEmpty()
                ? ""
                : " The config has " + String.join(" and ", written) + ", which nobody reads. Did you mean " + missed
                        + "?";
    }

    private static String choice(String given, String error) {
        Matcher choices = CHOICES.matcher(error);
        return choices.find() ? UnknownKey.didYouMean(Spelling.nearest(given, Names.listed(choices.group(1)))) : "";
    }

    private ConfigInfo entry(UnknownKey key, Set<String> passwords, int order) {
        return new ConfigInfo(
                new ConfigInfo.Definition(
                        key.key(),
                        ConfigDef.Type.STRING.name(),
                        false,
                        null,
                        ConfigDef.Importance.LOW.name(),
                        key.advice(),
                        GROUP,
                        order,
                        ConfigDef.Width.MEDIUM.name(),
                        key.key(),
                        List.of()),
                new ConfigInfo.Value(
                        key.key(),
                        mayShow(key, passwords) ? config.get(key.key()) : null,
                        key.nearest(),
                        List.of(),
                        true));
    }

    /** A key that nobody defines may hold a secret: its value is shown only if it is clearly another key, and that one is none. */
    private static boolean mayShow(UnknownKey key, Set<String> passwords) {
        return !key.nearest().isEmpty()
                && key.nearest().stream().noneMatch(passwords::contains)
                && !SECRET.matcher(key.key()).find();
    }
}
