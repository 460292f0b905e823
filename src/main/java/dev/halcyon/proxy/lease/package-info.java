/** Where it is safe to let held clients go, when nobody says so any more. */
@NullMarked
package dev.halcyon.proxy.lease;

import org.jspecify.annotations.NullMarked;
