/** Leads traffic from one version of the application to the next, watches, and leads it back. */
@NullMarked
package dev.halcyon.rollout;

import org.jspecify.annotations.NullMarked;
