package dev.halcyon.verify;

import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Sessions;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.progress.Events;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What a verification works with.
 *
 * @param version of the change, for events
 * @param patience how long a lost server may stay away
 * @param stopped whether the user wants to stop; asked between chunks
 */
public record VerifyContext(
    String version,
    Sessions sessions,
    Throttle throttle,
    Pace pace,
    Duration patience,
    Events events,
    BooleanSupplier stopped) {}
