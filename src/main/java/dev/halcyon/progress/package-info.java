/** Typed events of a run; bars, JSON lines and logs each render them. */
@NullMarked
package dev.halcyon.progress;

import org.jspecify.annotations.NullMarked;
