/** Row events between two shapes of a table, tried with real ones on the pair. */
@NullMarked
package dev.halcyon.pair.proof;

import org.jspecify.annotations.NullMarked;
