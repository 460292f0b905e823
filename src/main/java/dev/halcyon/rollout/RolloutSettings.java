package dev.halcyon.rollout;

import dev.halcyon.journal.Holder;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.mysql.Server;
import dev.halcyon.progress.Events;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * What a release works with.
 *
 * @param line what takes a release up again: {@code halcyon release}
 * @param stop whether it should stop at its next safe point
 * @param journalWrites is told after each write of the journal
 */
public record RolloutSettings(
    Server server,
    Holder holder,
    String line,
    LeaseTimes leaseTimes,
    Events events,
    BooleanSupplier stop,
    IntConsumer journalWrites) {}
