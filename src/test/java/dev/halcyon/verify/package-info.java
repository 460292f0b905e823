/** Tests of verification on real servers. */
@NullMarked
package dev.halcyon.verify;

import org.jspecify.annotations.NullMarked;
