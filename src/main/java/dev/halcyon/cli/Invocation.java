package dev.halcyon.cli;

import dev.halcyon.progress.Events;
import java.util.function.Supplier;

/**
 * What a command is run with.
 *
 * @param line as it would be typed again: {@code halcyon expand V11}
 * @param settings read when first asked for, since not every command needs them
 */
record Invocation(
    String line, Console console, Supplier<Settings> settings, Events events, StopRequest stop) {}
