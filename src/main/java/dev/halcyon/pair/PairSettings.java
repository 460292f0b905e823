package dev.halcyon.pair;

import dev.halcyon.proxy.Traffic.Immovable;
import java.time.Duration;

/**
 * @param longestLag the passive server may be behind by no more before clients are held
 * @param catchUp from the fence until the passive server has everything
 * @param longestTransaction what has been open for longer, or takes longer to end, is not waited
 *     for
 * @param grace for sessions that may yet free themselves
 * @param policy what becomes of sessions that cannot be moved
 * @param lease of the hold at least; see {@link dev.halcyon.proxy.Traffic#hold}
 */
public record PairSettings(
    Duration longestLag,
    Duration catchUp,
    Duration longestTransaction,
    Duration grace,
    Immovable policy,
    Duration lease) {}
