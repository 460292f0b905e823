/** Switchovers behind something else than Halcyon's own proxy. */
@NullMarked
package dev.halcyon.pair.traffic;

import org.jspecify.annotations.NullMarked;
