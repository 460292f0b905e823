/** Rebuild: a table in its new shape beside the old one, filled under load and swapped in. */
@NullMarked
package dev.halcyon.rebuild;

import org.jspecify.annotations.NullMarked;
