/** Rules that look at changes and queries without a server: one file each. Pure. */
@NullMarked
package dev.halcyon.lint;

import org.jspecify.annotations.NullMarked;
