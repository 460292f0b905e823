package dev.halcyon.cli;

import dev.halcyon.pair.Pair;
import dev.halcyon.pair.PairSettings;
import java.nio.file.Path;

/**
 * How a pair is reached and switched.
 *
 * @param migrations absolute
 * @param route how clients come to it
 */
record PairSetup(Pair pair, PairSettings settings, Path migrations, PairRoute route) {}
