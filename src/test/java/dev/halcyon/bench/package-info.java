/** Measurements that are run on demand, from the scripts in {@code bench/}. */
@NullMarked
package dev.halcyon.bench;

import org.jspecify.annotations.NullMarked;
