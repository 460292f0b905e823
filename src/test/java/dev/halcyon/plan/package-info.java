/** Tests of the derivation of plans, on the servers that the plans are for. */
@NullMarked
package dev.halcyon.plan;

import org.jspecify.annotations.NullMarked;
