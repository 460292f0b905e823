package dev.halcyon.cli;

import dev.halcyon.pair.Pair;
import dev.halcyon.pair.PairSettings;
import java.nio.file.Path;

/**
 * How a pair is reached and switched.
 *
 * @param migrations absolute
 * @param proxy how the proxy before it is reached
 */
record PairSetup(Pair pair, PairSettings settings, Path migrations, ProxyAccess proxy) {}
