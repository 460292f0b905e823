/** Counts which statements pass, by their text without literals. */
@NullMarked
package dev.halcyon.proxy.digest;

import org.jspecify.annotations.NullMarked;
