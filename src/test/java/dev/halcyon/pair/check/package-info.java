/** The preconditions of a pair under test. */
@NullMarked
package dev.halcyon.pair.check;

import org.jspecify.annotations.NullMarked;
