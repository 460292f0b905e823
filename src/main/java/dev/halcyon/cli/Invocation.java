package dev.halcyon.cli;

import dev.halcyon.progress.Events;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * What a command is run with.
 *
 * @param folder the working directory
 * @param line as it would be typed again: {@code halcyon expand V11}
 * @param settings read when first asked for, since not every command needs them
 * @param layers where settings other than those of a run are read from
 * @param journalWrites is told after each write of the journal how many there were
 */
record Invocation(
    Path folder,
    String line,
    Console console,
    Supplier<Settings> settings,
    Supplier<Layers> layers,
    Events events,
    StopRequest stop,
    IntConsumer journalWrites) {}
