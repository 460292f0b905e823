package dev.halcyon.backfill;

import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Sessions;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What a step of a run works with.
 *
 * @param version of the change, for events
 * @param patience how long a lost server, or rows locked by others, may hold up one chunk
 * @param stopped whether the user wants to stop; asked between chunks
 */
public record BackfillContext(
    String version,
    Sessions sessions,
    Checkpoints checkpoints,
    Throttle throttle,
    Pace pace,
    Duration patience,
    Events events,
    BooleanSupplier stopped) {}
