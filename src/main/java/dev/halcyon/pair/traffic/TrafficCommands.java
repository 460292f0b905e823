package dev.halcyon.pair.traffic;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Command lines of the user that do to clients what a switchover needs. Each ends with 0 once it is
 * done, may be run again, and finds the server in question in {@code HALCYON_SERVER}.
 *
 * @param folder in which they are run
 * @param hold lets no new transaction begin; {@code HALCYON_LEASE_MS} is for how long at least
 * @param repoint clients that are held go on at the server once they are released
 * @param release lets them go on; also if none are held
 * @param status prints {@code server=NAME held=yes|no sessions=NUMBER}: where clients are led,
 *     whether they are held, and how many still have work under way
 * @param close ends those; asked for past the point of no return only
 * @param timeout of each
 */
public record TrafficCommands(
    Path folder,
    String hold,
    String repoint,
    String release,
    String status,
    @Nullable String close,
    Duration timeout) {}
