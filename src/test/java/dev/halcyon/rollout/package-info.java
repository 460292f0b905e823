/** Tests of releases. */
@NullMarked
package dev.halcyon.rollout;

import org.jspecify.annotations.NullMarked;
